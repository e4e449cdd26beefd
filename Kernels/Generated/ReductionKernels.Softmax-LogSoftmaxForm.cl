// ReductionKernels.Softmax<LogSoftmaxForm>: groups of 256 x 1 x 1 work-items.

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

// SoftmaxForms.cs:46
static inline float LogSoftmaxForm_Value(float shifted, float sum)
{
    return shifted - log(sum);
}

// One work-item a row, for few classes or classes that lie apart; long contiguous rows go to RowSoftmaxKernels.
// ReductionKernels.cs:133
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void Softmax_LogSoftmaxForm(global float* x, long x_first, global float* y, long y_first, AxisArguments axis)
{
    x += x_first;
    y += y_first;
    long row = DeviceIndex_Element();
    if (row >= axis.Rows)
    {
        return;
    }
    long start = row / (long)axis.Inner * (long)axis.Length * (long)axis.Inner + row % (long)axis.Inner;
    float largest = -INFINITY;
    for (int l = 0; l < axis.Length; l++) // :141
    {
        float value = x[start + (long)l * (long)axis.Inner];
        largest = value > largest ? value : largest;
    }
    float sum = 0.0f;
    for (int l = 0; l < axis.Length; l++) // :147
    {
        sum += exp(x[start + (long)l * (long)axis.Inner] - largest);
    }
    for (int l = 0; l < axis.Length; l++) // :149
    {
        y[start + (long)l * (long)axis.Inner] = LogSoftmaxForm_Value(x[start + (long)l * (long)axis.Inner] - largest, sum);
    }
}

