// LossKernels.SigmoidBackward: groups of 256 x 1 x 1 work-items.

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

// LossKernels.cs:59
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void SigmoidBackward(global float* x, long x_first, global int* labels, long labels_first, IgnoredLabel ignored, float scale, global float* gy, long gy_first, global float* gx, long gx_first, long count)
{
    x += x_first;
    labels += labels_first;
    gy += gy_first;
    gx += gx_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    gx[i] = IgnoredLabel_Counts(ignored, labels[i]) ? scale * gy[0] * (1.0f / (1.0f + exp(-x[i])) - (float)labels[i]) : 0.0f;
}

