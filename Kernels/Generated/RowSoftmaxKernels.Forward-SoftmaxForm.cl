// RowSoftmaxKernels.Forward<SoftmaxForm>: groups of 128 x 1 x 1 work-items.

enum { Items = 128 };

// RowSoftmaxKernels.cs:56
static inline float RowSoftmaxKernels_GroupLargest(local float* shared, float own)
{
    shared[(int)get_local_id(0)] = own;
    barrier(CLK_LOCAL_MEM_FENCE); // :59
    for (int half_ = Items / 2; half_ > 0; half_ /= 2) // :60
    {
        if ((int)get_local_id(0) < half_)
        {
            float other = shared[(int)get_local_id(0) + half_];
            shared[(int)get_local_id(0)] = other > shared[(int)get_local_id(0)] ? other : shared[(int)get_local_id(0)];
        }
        barrier(CLK_LOCAL_MEM_FENCE); // :67
    }
    float largest = shared[0];
    // The sum writes here next.
    barrier(CLK_LOCAL_MEM_FENCE); // :71
    return largest;
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

// SoftmaxForms.cs:27
static inline float SoftmaxForm_Value(float shifted, float sum)
{
    return exp(shifted) / sum;
}

// RowSoftmaxKernels.cs:20
kernel __attribute__((reqd_work_group_size(128, 1, 1)))
void Forward_SoftmaxForm(global float* x, long x_first, global float* y, long y_first, int length)
{
    x += x_first;
    y += y_first;
    local float shared[Items];
    long row = (long)(int)get_group_id(0) * (long)length;
    float largest = -INFINITY;
    for (int l = (int)get_local_id(0); l < length; l += Items) // :26
    {
        float value = x[row + (long)l];
        largest = value > largest ? value : largest;
    }
    float top = RowSoftmaxKernels_GroupLargest(shared, largest);
    float sum = 0.0f;
    for (int l = (int)get_local_id(0); l < length; l += Items) // :33
    {
        sum += exp(x[row + (long)l] - top);
    }
    float total = RowSoftmaxKernels_GroupSum(shared, sum);
    for (int l = (int)get_local_id(0); l < length; l += Items) // :36
    {
        y[row + (long)l] = SoftmaxForm_Value(x[row + (long)l] - top, total);
    }
}

