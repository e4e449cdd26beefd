// OptimizerKernels.Sgd: groups of 256 x 1 x 1 work-items.

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

// OptimizerKernels.cs:14
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void Sgd(global float* p, long p_first, global float* g, long g_first, float rate, long count)
{
    p += p_first;
    g += g_first;
    for (long i = DeviceIndex_First(); i < count; i += DeviceIndex_Step()) // :16
    {
        p[i] -= rate * g[i];
    }
}

