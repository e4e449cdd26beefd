// ElementwiseKernels.ActivateBackward<DeviceRelu>: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// ElementwiseKernels.cs:20
static inline float DeviceRelu_Slope(float y, float slope)
{
    return y > 0.0f ? 1.0f : 0.0f;
}

// ElementwiseKernels.cs:72
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void ActivateBackward_DeviceRelu(global float* y, long y_first, global float* gy, long gy_first, global float* gx, long gx_first, float slope, long count)
{
    y += y_first;
    gy += gy_first;
    gx += gx_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    gx[i] = gy[i] * DeviceRelu_Slope(y[i], slope);
}

