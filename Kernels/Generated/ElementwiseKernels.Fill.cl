// ElementwiseKernels.Fill: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// ElementwiseKernels.cs:119
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void Fill(global float* y, long y_first, float value, long count)
{
    y += y_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    y[i] = value;
}

