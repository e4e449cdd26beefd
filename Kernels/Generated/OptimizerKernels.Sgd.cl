// OptimizerKernels.Sgd: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// OptimizerKernels.cs:15
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void Sgd(global float* p, long p_first, global float* g, long g_first, float rate, long count)
{
    p += p_first;
    g += g_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    p[i] -= rate * g[i];
}

