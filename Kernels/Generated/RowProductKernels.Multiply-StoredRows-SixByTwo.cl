// RowProductKernels.Multiply<StoredRows, SixByTwo>: groups of 1 x 1 x 1 work-items.

enum { Count = 16 };

typedef struct
{
    long RowStep;
    long GroupStep;
    int Depth;
} StoredRows;

typedef struct
{
    int Rows;
    int Columns;
    int Stretches;
    int Length;
    long Step;
    long BStep;
    long PanelStep;
    long GroupOfB;
    long Pitch;
    long GroupOfResult;
    int HasBias;
    int HasAddend;
    int HasRelu;
} RowSize;

typedef struct
{
    long At;
    int Y;
    int X;
} Place;

typedef struct
{
    long At;
    int First;
    int Count;
} Stretch;

// IRowProblem.cs:19
static inline Place StoredRows_Row(StoredRows self, int row, int group)
{
    return (Place){ .At = (long)row * self.RowStep + (long)group * self.GroupStep, .Y = 0, .X = 0 };
}

// IRowProblem.cs:21
static inline Stretch StoredRows_Begin(StoredRows self, Place row, int stretch)
{
    return (Stretch){ .At = row.At, .First = 0, .Count = self.Depth };
}

// RowProductKernels.cs:169
static inline void RowProductKernels_Store(global float* bias, global float* addend, global float* y, float* ends, int row, int column, long rowAt, float16 sum, int group, RowSize size)
{
    if (row >= size.Rows)
    {
        return;
    }
    long at = rowAt + (long)column;
    int biasAt = group * size.Columns + column;
    if (column + Count <= size.Columns)
    {
        float16 value = sum;
        if (size.HasBias != 0)
        {
            value = (value + (vload16(0, bias + ((long)biasAt))));
        }
        if (size.HasAddend != 0)
        {
            value = (value + (vload16(0, addend + at)));
        }
        if (size.HasRelu != 0)
        {
            value = (value < 0.0f ? (float16)(0.0f) : value);
        }
        (vstore16(value, 0, y + at));
        return;
    }
    // The last columns, one by one.
    (vstore16(sum, 0, ends + 0L));
    for (int i = 0; i < size.Columns - column; i++) // :190
    {
        float value = ends[i];
        if (size.HasBias != 0)
        {
            value += bias[biasAt + i];
        }
        if (size.HasAddend != 0)
        {
            value += addend[at + (long)i];
        }
        if (size.HasRelu != 0)
        {
            value = value < 0.0f ? 0.0f : value;
        }
        y[at + (long)i] = value;
    }
}

// RowProductKernels.cs:72
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void Multiply_StoredRows_SixByTwo(global float* a, long a_first, global float* b, long b_first, global float* bias, long bias_first, global float* addend, long addend_first, global float* y, long y_first, StoredRows problem, RowSize size)
{
    a += a_first;
    b += b_first;
    bias += bias_first;
    addend += addend_first;
    y += y_first;
    float16 sums[6 * 2];
    float16 right[2];
    Place places[6];
    Stretch rows[6];
    float ends[Count];
    int row0 = (int)get_group_id(0) * 6;
    int column0 = (int)get_group_id(1) * 2 * Count;
    int group = (int)get_group_id(2);
    long panel = (long)(int)get_group_id(1) * size.PanelStep + (long)group * size.GroupOfB;
    #pragma unroll
    for (int i = 0; i < 6 * 2; i++) // :85
    {
        sums[i] = ((float16)(0.0f));
    }
    // Rows behind the last are computed as copies of it and not stored.
    #pragma unroll
    for (int i = 0; i < 6; i++) // :88
    {
        places[i] = StoredRows_Row(problem, min(row0 + i, size.Rows - 1), group);
    }
    for (int stretch = 0; stretch < size.Stretches; stretch++) // :91
    {
        int most = 0;
        int least = size.Length;
        #pragma unroll
        for (int i = 0; i < 6; i++) // :95
        {
            rows[i] = StoredRows_Begin(problem, places[i], stretch);
            most = max(most, rows[i].Count);
            least = min(least, rows[i].Count);
        }
        long from = panel + (long)(stretch * size.Length) * size.BStep;
        if (most > 0 && least == size.Length)
        {
            for (int t = 0; t < size.Length; t++) // :104
            {
                #pragma unroll
                for (int j = 0; j < 2; j++) // :106
                {
                    right[j] = (vload16(0, b + (from + (long)t * size.BStep + (long)(j * Count))));
                }
                #pragma unroll
                for (int i = 0; i < 6; i++) // :108
                {
                    float left = a[rows[i].At + (long)t * size.Step];
                    #pragma unroll
                    for (int j = 0; j < 2; j++) // :111
                    {
                        sums[i * 2 + j] = (sums[i * 2 + j] + left * right[j]);
                    }
                }
            }
        }
        else
        {
            if (most > 0)
            {
                // Some rows leave the image here: what lies outside is read from a place that exists, and counts as 0.
                for (int t = 0; t < size.Length; t++) // :119
                {
                    #pragma unroll
                    for (int j = 0; j < 2; j++) // :121
                    {
                        right[j] = (vload16(0, b + (from + (long)t * size.BStep + (long)(j * Count))));
                    }
                    #pragma unroll
                    for (int i = 0; i < 6; i++) // :123
                    {
                        bool inside = t >= rows[i].First && t < rows[i].First + rows[i].Count;
                        float value = a[inside ? rows[i].At + (long)t * size.Step : 0L];
                        float left = inside ? value : 0.0f;
                        #pragma unroll
                        for (int j = 0; j < 2; j++) // :128
                        {
                            sums[i * 2 + j] = (sums[i * 2 + j] + left * right[j]);
                        }
                    }
                }
            }
        }
    }
    #pragma unroll
    for (int i = 0; i < 6; i++) // :135
    {
        long at = (long)(row0 + i) * size.Pitch + (long)group * size.GroupOfResult;
        #pragma unroll
        for (int j = 0; j < 2; j++) // :138
        {
            RowProductKernels_Store(bias, addend, y, ends, row0 + i, column0 + j * Count, at, sums[i * 2 + j], group, size);
        }
    }
}

