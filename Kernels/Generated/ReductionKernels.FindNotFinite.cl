// ReductionKernels.FindNotFinite: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// ReductionKernels.cs:197
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void FindNotFinite(global float* x, long x_first, global int* found, long found_first, long count)
{
    x += x_first;
    found += found_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    if (!isfinite(x[i]))
    {
        atomic_max(&found[0], 1);
    }
}

