// ReductionKernels.SoftmaxBackward<SoftmaxForm>: groups of 256 x 1 x 1 work-items.

typedef struct
{
    int Length;
    int Inner;
    long Rows;
} AxisArguments;

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// SoftmaxForms.cs:29
static inline float SoftmaxForm_Weight(float y, float gy)
{
    return gy * y;
}

// SoftmaxForms.cs:31
static inline float SoftmaxForm_Gradient(float y, float gy, float sum)
{
    return y * (gy - sum);
}

// ReductionKernels.cs:156
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void SoftmaxBackward_SoftmaxForm(global float* y, long y_first, global float* gy, long gy_first, global float* gx, long gx_first, AxisArguments axis)
{
    y += y_first;
    gy += gy_first;
    gx += gx_first;
    long row = DeviceIndex_Element();
    if (row >= axis.Rows)
    {
        return;
    }
    long start = row / (long)axis.Inner * (long)axis.Length * (long)axis.Inner + row % (long)axis.Inner;
    float sum = 0.0f;
    for (int l = 0; l < axis.Length; l++) // :164
    {
        sum += SoftmaxForm_Weight(y[start + (long)l * (long)axis.Inner], gy[start + (long)l * (long)axis.Inner]);
    }
    for (int l = 0; l < axis.Length; l++) // :166
    {
        long at = start + (long)l * (long)axis.Inner;
        gx[at] = SoftmaxForm_Gradient(y[at], gy[at], sum);
    }
}

