// NormalizationKernels.DivideByDeviation: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// g[c] = scale · g[c] / √(variance[c] + epsilon).
// NormalizationKernels.cs:28
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void DivideByDeviation(global float* g, long g_first, global float* variance, long variance_first, float epsilon, long count)
{
    g += g_first;
    variance += variance_first;
    long c = DeviceIndex_Element();
    if (c >= count)
    {
        return;
    }
    g[c] = g[c] / sqrt(variance[c] + epsilon);
}

