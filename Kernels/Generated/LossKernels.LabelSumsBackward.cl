// LossKernels.LabelSumsBackward: groups of 256 x 1 x 1 work-items.

typedef struct
{
    int HasIgnored;
    int Ignored;
} IgnoredLabel;

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// ReductionKernels.cs:14
static inline bool IgnoredLabel_Counts(IgnoredLabel self, int label)
{
    return self.HasIgnored == 0 || label != self.Ignored;
}

// LossKernels.cs:68
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void LabelSumsBackward(global int* labels, long labels_first, IgnoredLabel ignored, global float* overlap, long overlap_first, global float* total, long total_first, global float* gp, long gp_first, int classes, long count)
{
    labels += labels_first;
    overlap += overlap_first;
    total += total_first;
    gp += gp_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    int label = labels[i / (long)classes];
    int c = (int)(i % (long)classes);
    float gradient = total[c];
    if (c == label)
    {
        gradient += overlap[c];
    }
    gp[i] = IgnoredLabel_Counts(ignored, label) ? gradient : 0.0f;
}

