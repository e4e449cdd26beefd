// RowProductKernels.Multiply<InputGradientRows, SixByFour>: groups of 1 x 1 x 1 work-items.

enum { Count = 16 };

typedef struct
{
    int H;
    int W;
    int C;
    int P;
    int Q;
    int O;
    int R;
    int S;
    int I;
    int GroupO;
    int StrideY;
    int StrideX;
    int PadTop;
    int PadLeft;
    int DilationY;
    int DilationX;
    int YPitch;
} ConvolutionSizes;

typedef struct
{
    ConvolutionSizes Sizes;
} InputGradientRows;

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

// ConvolutionRows.cs:35
static inline Place InputGradientRows_Row(InputGradientRows self, int row, int group)
{
    int w = row % self.Sizes.W;
    int h = row / self.Sizes.W % self.Sizes.H;
    long n = (long)(row / self.Sizes.W / self.Sizes.H);
    return (Place){ .At = n * (long)self.Sizes.P * (long)self.Sizes.Q * (long)self.Sizes.YPitch + (long)(group * self.Sizes.GroupO), .Y = h + self.Sizes.PadTop, .X = w + self.Sizes.PadLeft };
}

// ConvolutionRows.cs:43
static inline Stretch InputGradientRows_Begin(InputGradientRows self, Place row, int stretch)
{
    int y = row.Y - stretch / self.Sizes.S * self.Sizes.DilationY;
    int x = row.X - stretch % self.Sizes.S * self.Sizes.DilationX;
    int p = y / self.Sizes.StrideY;
    int q = x / self.Sizes.StrideX;
    bool inside = y >= 0 && x >= 0 && p < self.Sizes.P && q < self.Sizes.Q && p * self.Sizes.StrideY == y && q * self.Sizes.StrideX == x;
    return (Stretch){ .At = row.At + ((long)p * (long)self.Sizes.Q + (long)q) * (long)self.Sizes.YPitch, .First = 0, .Count = inside ? self.Sizes.GroupO : 0 };
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
void Multiply_InputGradientRows_SixByFour(global float* a, long a_first, global float* b, long b_first, global float* bias, long bias_first, global float* addend, long addend_first, global float* y, long y_first, InputGradientRows problem, RowSize size)
{
    a += a_first;
    b += b_first;
    bias += bias_first;
    addend += addend_first;
    y += y_first;
    float16 sums[6 * 4];
    float16 right[4];
    Place places[6];
    Stretch rows[6];
    float ends[Count];
    int row0 = (int)get_group_id(0) * 6;
    int column0 = (int)get_group_id(1) * 4 * Count;
    int group = (int)get_group_id(2);
    long panel = (long)(int)get_group_id(1) * size.PanelStep + (long)group * size.GroupOfB;
    #pragma unroll
    for (int i = 0; i < 6 * 4; i++) // :85
    {
        sums[i] = ((float16)(0.0f));
    }
    // Rows behind the last are computed as copies of it and not stored.
    #pragma unroll
    for (int i = 0; i < 6; i++) // :88
    {
        places[i] = InputGradientRows_Row(problem, min(row0 + i, size.Rows - 1), group);
    }
    for (int stretch = 0; stretch < size.Stretches; stretch++) // :91
    {
        int most = 0;
        int least = size.Length;
        #pragma unroll
        for (int i = 0; i < 6; i++) // :95
        {
            rows[i] = InputGradientRows_Begin(problem, places[i], stretch);
            most = max(most, rows[i].Count);
            least = min(least, rows[i].Count);
        }
        long from = panel + (long)(stretch * size.Length) * size.BStep;
        if (most > 0 && least == size.Length)
        {
            for (int t = 0; t < size.Length; t++) // :104
            {
                #pragma unroll
                for (int j = 0; j < 4; j++) // :106
                {
                    right[j] = (vload16(0, b + (from + (long)t * size.BStep + (long)(j * Count))));
                }
                #pragma unroll
                for (int i = 0; i < 6; i++) // :108
                {
                    float left = a[rows[i].At + (long)t * size.Step];
                    #pragma unroll
                    for (int j = 0; j < 4; j++) // :111
                    {
                        sums[i * 4 + j] = (sums[i * 4 + j] + left * right[j]);
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
                    for (int j = 0; j < 4; j++) // :121
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
                        for (int j = 0; j < 4; j++) // :128
                        {
                            sums[i * 4 + j] = (sums[i * 4 + j] + left * right[j]);
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
        for (int j = 0; j < 4; j++) // :138
        {
            RowProductKernels_Store(bias, addend, y, ends, row0 + i, column0 + j * Count, at, sums[i * 4 + j], group, size);
        }
    }
}

