// LossKernels.SigmoidTerms: groups of 256 x 1 x 1 work-items.

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

// LossKernels.cs:47
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void SigmoidTerms(global float* x, long x_first, global int* labels, long labels_first, IgnoredLabel ignored, global float* terms, long terms_first, long count)
{
    x += x_first;
    labels += labels_first;
    terms += terms_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    float value = x[i];
    // No overflow: the exponent is never positive.
    float term = (value < 0.0f ? 0.0f : value) - value * (float)labels[i] + log(1.0f + exp(-fabs(value)));
    terms[i] = IgnoredLabel_Counts(ignored, labels[i]) ? term : 0.0f;
}

