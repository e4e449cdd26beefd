// LaneSoftmaxKernels.Forward<LogSoftmaxForm>: groups of 1 x 1 x 1 work-items.

enum { Count = 16, Rows = 8 };

// SoftmaxForms.cs:52
static inline float16 LogSoftmaxForm_Keep(float16 shifted, float16 exponential)
{
    return shifted;
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

// SoftmaxForms.cs:54
static inline float16 LogSoftmaxForm_Scale(float16 sum)
{
    return (log(sum));
}

// SoftmaxForms.cs:56
static inline float16 LogSoftmaxForm_Finish(float16 kept, float16 scale)
{
    return (kept - scale);
}

// SoftmaxForms.cs:46
static inline float LogSoftmaxForm_Value(float shifted, float sum)
{
    return shifted - log(sum);
}

// LaneSoftmaxKernels.cs:20
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void Forward_LogSoftmaxForm(global float* x, long x_first, global float* y, long y_first, int length, long rows)
{
    x += x_first;
    y += y_first;
    float ends[Count];
    int whole = length / Count * Count;
    for (int i = 0; i < Rows; i++) // :25
    {
        long row = (long)(int)get_group_id(0) * 8L + (long)i;
        if (row < rows)
        {
            long start = row * (long)length;
            float16 most = ((float16)((-INFINITY)));
            for (int l = 0; l < whole; l += Count) // :32
            {
                most = ((vload16(0, x + (start + (long)l))) > most ? (vload16(0, x + (start + (long)l))) : most);
            }
            (vstore16(most, 0, ends + 0L));
            float top = -INFINITY;
            for (int l = 0; l < Count; l++) // :36
            {
                top = ends[l] > top ? ends[l] : top;
            }
            for (int l = whole; l < length; l++) // :38
            {
                top = x[start + (long)l] > top ? x[start + (long)l] : top;
            }
            float16 sums = ((float16)(0.0f));
            for (int l = 0; l < whole; l += Count) // :42
            {
                float16 shifted = ((vload16(0, x + (start + (long)l))) - ((float16)(top)));
                float16 exponential = (exp(shifted));
                sums = (sums + exponential);
                (vstore16(LogSoftmaxForm_Keep(shifted, exponential), 0, y + (start + (long)l)));
            }
            float sum = LaneSoftmaxKernels_Sum(ends, sums);
            for (int l = whole; l < length; l++) // :50
            {
                sum += exp(x[start + (long)l] - top);
            }
            float16 scale = LogSoftmaxForm_Scale(((float16)(sum)));
            for (int l = 0; l < whole; l += Count) // :54
            {
                (vstore16(LogSoftmaxForm_Finish((vload16(0, y + (start + (long)l))), scale), 0, y + (start + (long)l)));
            }
            for (int l = whole; l < length; l++) // :56
            {
                y[start + (long)l] = LogSoftmaxForm_Value(x[start + (long)l] - top, sum);
            }
        }
    }
}

