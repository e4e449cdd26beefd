// ReductionKernels.FindNotFinite: groups of 256 x 1 x 1 work-items.

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

// ReductionKernels.cs:261
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void FindNotFinite(global float* x, long x_first, global int* found, long found_first, long count)
{
    x += x_first;
    found += found_first;
    for (long i = DeviceIndex_First(); i < count; i += DeviceIndex_Step()) // :263
    {
        if (!isfinite(x[i]))
        {
            atomic_max(&found[0], 1);
        }
    }
}

