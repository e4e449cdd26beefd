// LaneShortRowKernels.Forward<SoftmaxForm>: groups of 1 x 1 x 1 work-items.

enum { Blocks = 8, Count = 16, MostLength = 15 };

// So that no lane computes on what nobody wrote.
// LaneShortRowKernels.cs:88
static inline void LaneShortRowKernels_Clear(float* columns)
{
    for (int i = 0; i < MostLength * Count; i++) // :90
    {
        columns[i] = 0.0f;
    }
}

// LaneShortRowKernels.cs:83
static inline long LaneShortRowKernels_FirstRow(int block)
{
    return ((long)(int)get_group_id(0) * 8L + (long)block) * 16L;
}

// LaneShortRowKernels.cs:85
static inline int LaneShortRowKernels_RowsFrom(long row, long rows)
{
    return rows - row < 16L ? (int)(rows - row) : Count;
}

// LaneShortRowKernels.cs:94
static inline void LaneShortRowKernels_Gather(global float* x, long start, float* columns, int some, int length)
{
    for (int lane = 0; lane < some; lane++) // :96
    {
        for (int l = 0; l < length; l++) // :98
        {
            columns[l * Count + lane] = x[start + (long)(lane * length) + (long)l];
        }
    }
}

// SoftmaxForms.cs:33
static inline float16 SoftmaxForm_Keep(float16 shifted, float16 exponential)
{
    return exponential;
}

// SoftmaxForms.cs:35
static inline float16 SoftmaxForm_Scale(float16 sum)
{
    return sum;
}

// SoftmaxForms.cs:37
static inline float16 SoftmaxForm_Finish(float16 kept, float16 scale)
{
    return (kept / scale);
}

// LaneShortRowKernels.cs:103
static inline void LaneShortRowKernels_Scatter(float* columns, global float* y, long start, int some, int length)
{
    for (int lane = 0; lane < some; lane++) // :105
    {
        for (int l = 0; l < length; l++) // :107
        {
            y[start + (long)(lane * length) + (long)l] = columns[l * Count + lane];
        }
    }
}

// LaneShortRowKernels.cs:24
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void Forward_SoftmaxForm(global float* x, long x_first, global float* y, long y_first, int length, long rows)
{
    x += x_first;
    y += y_first;
    float columns[MostLength * Count];
    LaneShortRowKernels_Clear(columns);
    for (int block = 0; block < Blocks; block++) // :29
    {
        long row = LaneShortRowKernels_FirstRow(block);
        int some = LaneShortRowKernels_RowsFrom(row, rows);
        if (some > 0)
        {
            LaneShortRowKernels_Gather(x, row * (long)length, columns, some, length);
            float16 top = ((float16)((-INFINITY)));
            for (int l = 0; l < length; l++) // :37
            {
                top = ((vload16(0, columns + ((long)(l * Count)))) > top ? (vload16(0, columns + ((long)(l * Count)))) : top);
            }
            float16 sums = ((float16)(0.0f));
            for (int l = 0; l < length; l++) // :40
            {
                float16 shifted = ((vload16(0, columns + ((long)(l * Count)))) - top);
                float16 exponential = (exp(shifted));
                sums = (sums + exponential);
                (vstore16(SoftmaxForm_Keep(shifted, exponential), 0, columns + ((long)(l * Count))));
            }
            float16 scale = SoftmaxForm_Scale(sums);
            for (int l = 0; l < length; l++) // :48
            {
                (vstore16(SoftmaxForm_Finish((vload16(0, columns + ((long)(l * Count)))), scale), 0, columns + ((long)(l * Count))));
            }
            LaneShortRowKernels_Scatter(columns, y, row * (long)length, some, length);
        }
    }
}

