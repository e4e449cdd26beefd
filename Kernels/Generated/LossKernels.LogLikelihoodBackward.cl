// LossKernels.LogLikelihoodBackward: groups of 256 x 1 x 1 work-items.

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

// LossKernels.cs:28
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void LogLikelihoodBackward(global float* logp, long logp_first, global int* labels, long labels_first, IgnoredLabel ignored, global float* weight, long weight_first, int hasWeight, float scale, global float* gy, long gy_first, global float* gx, long gx_first, int classes, long count)
{
    logp += logp_first;
    labels += labels_first;
    weight += weight_first;
    gy += gy_first;
    gx += gx_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    int label = labels[i / (long)classes];
    float gradient = 0.0f;
    if (IgnoredLabel_Counts(ignored, label))
    {
        float hit = (int)(i % (long)classes) == label ? 1.0f : 0.0f;
        gradient = scale * gy[0] * (exp(logp[i]) - hit);
        if (hasWeight != 0)
        {
            gradient *= weight[label];
        }
    }
    gx[i] = gradient;
}

