// ElementwiseKernels.Scale: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// ElementwiseKernels.cs:100
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void Scale(float factor, global float* x, long x_first, global float* y, long y_first, long count)
{
    x += x_first;
    y += y_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    y[i] = factor * x[i];
}

