// LossKernels.LogLikelihoodTerms: groups of 256 x 1 x 1 work-items.

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

// LossKernels.cs:11
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void LogLikelihoodTerms(global float* logp, long logp_first, global int* labels, long labels_first, IgnoredLabel ignored, global float* weight, long weight_first, int hasWeight, global float* terms, long terms_first, int classes, long rows)
{
    logp += logp_first;
    labels += labels_first;
    weight += weight_first;
    terms += terms_first;
    long row = DeviceIndex_Element();
    if (row >= rows)
    {
        return;
    }
    int label = labels[row];
    float term = 0.0f;
    if (IgnoredLabel_Counts(ignored, label))
    {
        term = -logp[row * (long)classes + (long)label];
        if (hasWeight != 0)
        {
            term *= weight[label];
        }
    }
    terms[row] = term;
}

