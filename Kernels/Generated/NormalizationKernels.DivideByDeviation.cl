// NormalizationKernels.DivideByDeviation: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:15
static inline long DeviceIndex_First(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// DeviceIndex.cs:18
static inline long DeviceIndex_Step(void)
{
    return (long)(int)get_num_groups(0) * 256L;
}

// g[c] = scale · g[c] / √(variance[c] + epsilon).
// NormalizationKernels.cs:25
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void DivideByDeviation(global float* g, long g_first, global float* variance, long variance_first, float epsilon, long count)
{
    g += g_first;
    variance += variance_first;
    for (long c = DeviceIndex_First(); c < count; c += DeviceIndex_Step()) // :27
    {
        g[c] = g[c] / sqrt(variance[c] + epsilon);
    }
}

