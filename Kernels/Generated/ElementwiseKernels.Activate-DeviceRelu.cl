// ElementwiseKernels.Activate<DeviceRelu>: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// NaN is not below 0 and goes through.
// ElementwiseKernels.cs:18
static inline float DeviceRelu_Value(float x, float slope)
{
    return x < 0.0f ? 0.0f : x;
}

// ElementwiseKernels.cs:58
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void Activate_DeviceRelu(global float* x, long x_first, global float* y, long y_first, float slope, long count)
{
    x += x_first;
    y += y_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    y[i] = DeviceRelu_Value(x[i], slope);
}

