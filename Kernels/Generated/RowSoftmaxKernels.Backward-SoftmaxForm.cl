// RowSoftmaxKernels.Backward<SoftmaxForm>: groups of 128 x 1 x 1 work-items.

enum { Items = 128 };

// SoftmaxForms.cs:29
static inline float SoftmaxForm_Weight(float y, float gy)
{
    return gy * y;
}

// RowSoftmaxKernels.cs:75
static inline float RowSoftmaxKernels_GroupSum(local float* shared, float own)
{
    shared[(int)get_local_id(0)] = own;
    barrier(CLK_LOCAL_MEM_FENCE); // :78
    for (int half_ = Items / 2; half_ > 0; half_ /= 2) // :79
    {
        if ((int)get_local_id(0) < half_)
        {
            shared[(int)get_local_id(0)] += shared[(int)get_local_id(0) + half_];
        }
        barrier(CLK_LOCAL_MEM_FENCE); // :83
    }
    return shared[0];
}

// SoftmaxForms.cs:31
static inline float SoftmaxForm_Gradient(float y, float gy, float sum)
{
    return y * (gy - sum);
}

// RowSoftmaxKernels.cs:43
kernel __attribute__((reqd_work_group_size(128, 1, 1)))
void Backward_SoftmaxForm(global float* y, long y_first, global float* gy, long gy_first, global float* gx, long gx_first, int length)
{
    y += y_first;
    gy += gy_first;
    gx += gx_first;
    local float shared[Items];
    long row = (long)(int)get_group_id(0) * (long)length;
    float sum = 0.0f;
    for (int l = (int)get_local_id(0); l < length; l += Items) // :49
    {
        sum += SoftmaxForm_Weight(y[row + (long)l], gy[row + (long)l]);
    }
    float total = RowSoftmaxKernels_GroupSum(shared, sum);
    for (int l = (int)get_local_id(0); l < length; l += Items) // :52
    {
        gx[row + (long)l] = SoftmaxForm_Gradient(y[row + (long)l], gy[row + (long)l], total);
    }
}

