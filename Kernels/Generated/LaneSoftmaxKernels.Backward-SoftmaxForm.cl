// LaneSoftmaxKernels.Backward<SoftmaxForm>: groups of 1 x 1 x 1 work-items.

enum { Count = 16, Rows = 8 };

// SoftmaxForms.cs:39
static inline float16 SoftmaxForm_Weights(float16 y, float16 gy)
{
    return (gy * y);
}

// In the order of the lanes.
// LaneSoftmaxKernels.cs:91
static inline float LaneSoftmaxKernels_Sum(float* ends, float16 sums)
{
    (vstore16(sums, 0, ends + 0L));
    float sum = 0.0f;
    for (int l = 0; l < Count; l++) // :95
    {
        sum += ends[l];
    }
    return sum;
}

// SoftmaxForms.cs:29
static inline float SoftmaxForm_Weight(float y, float gy)
{
    return gy * y;
}

// SoftmaxForms.cs:41
static inline float16 SoftmaxForm_Gradients(float16 y, float16 gy, float sum)
{
    return (y * (gy - ((float16)(sum))));
}

// SoftmaxForms.cs:31
static inline float SoftmaxForm_Gradient(float y, float gy, float sum)
{
    return y * (gy - sum);
}

// LaneSoftmaxKernels.cs:65
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void Backward_SoftmaxForm(global float* y, long y_first, global float* gy, long gy_first, global float* gx, long gx_first, int length, long rows)
{
    y += y_first;
    gy += gy_first;
    gx += gx_first;
    float ends[Count];
    int whole = length / Count * Count;
    for (int i = 0; i < Rows; i++) // :70
    {
        long row = (long)(int)get_group_id(0) * 8L + (long)i;
        if (row < rows)
        {
            long start = row * (long)length;
            float16 sums = ((float16)(0.0f));
            for (int l = 0; l < whole; l += Count) // :77
            {
                sums = (sums + SoftmaxForm_Weights((vload16(0, y + (start + (long)l))), (vload16(0, gy + (start + (long)l)))));
            }
            float sum = LaneSoftmaxKernels_Sum(ends, sums);
            for (int l = whole; l < length; l++) // :80
            {
                sum += SoftmaxForm_Weight(y[start + (long)l], gy[start + (long)l]);
            }
            for (int l = 0; l < whole; l += Count) // :82
            {
                (vstore16(SoftmaxForm_Gradients((vload16(0, y + (start + (long)l))), (vload16(0, gy + (start + (long)l))), sum), 0, gx + (start + (long)l)));
            }
            for (int l = whole; l < length; l++) // :84
            {
                gx[start + (long)l] = SoftmaxForm_Gradient(y[start + (long)l], gy[start + (long)l], sum);
            }
        }
    }
}

