// ElementwiseKernels.Activate<DeviceSigmoid>: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// ElementwiseKernels.cs:32
static inline float DeviceSigmoid_Value(float x, float slope)
{
    return 1.0f / (1.0f + exp(-x));
}

// ElementwiseKernels.cs:58
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void Activate_DeviceSigmoid(global float* x, long x_first, global float* y, long y_first, float slope, long count)
{
    x += x_first;
    y += y_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    y[i] = DeviceSigmoid_Value(x[i], slope);
}

