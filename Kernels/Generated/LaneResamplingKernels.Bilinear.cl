// LaneResamplingKernels.Bilinear: groups of 1 x 1 x 1 work-items.

enum { Channels = 256, Count = 16 };

typedef struct
{
    int H;
    int W;
    int C;
    int P;
    int Q;
    int ScaleY;
    int ScaleX;
    long Count;
} ResizeSizes;

// LaneSpan.cs:18
static inline int LaneSpan_End(int channels)
{
    return min((int)get_group_id(1) * Channels + Channels, channels);
}

// LaneSpan.cs:15
static inline int LaneSpan_First(void)
{
    return (int)get_group_id(1) * Channels;
}

// LaneResamplingKernels.cs:109
static inline float16 LaneResamplingKernels_Between(global float* x, long left, long right, float weight)
{
    float16 a = (vload16(0, x + left));
    return (a + weight * ((vload16(0, x + right)) - a));
}

// ResamplingKernels.cs:110
static inline float ResamplingKernels_Between(global float* x, long row, int left, int right, float weight, int c, ResizeSizes sizes)
{
    float a = x[(row * (long)sizes.W + (long)left) * (long)sizes.C + (long)c];
    float b = x[(row * (long)sizes.W + (long)right) * (long)sizes.C + (long)c];
    return a + weight * (b - a);
}

// ResamplingKernels.cs:77
static inline float ResamplingKernels_BilinearOf(global float* x, global int* rows, global float* rowWeights, global int* columns, global float* columnWeights, long image, int p, int q, int c, ResizeSizes sizes)
{
    float upper = ResamplingKernels_Between(x, image + (long)rows[p], columns[q], columns[sizes.Q + q], columnWeights[q], c, sizes);
    float lower = ResamplingKernels_Between(x, image + (long)rows[sizes.P + p], columns[q], columns[sizes.Q + q], columnWeights[q], c, sizes);
    return upper + rowWeights[p] * (lower - upper);
}

// LaneResamplingKernels.cs:54
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void Bilinear(global float* x, long x_first, global float* y, long y_first, global int* rows, long rows_first, global float* rowWeights, long rowWeights_first, global int* columns, long columns_first, global float* columnWeights, long columnWeights_first, ResizeSizes sizes)
{
    x += x_first;
    y += y_first;
    rows += rows_first;
    rowWeights += rowWeights_first;
    columns += columns_first;
    columnWeights += columnWeights_first;
    int end = LaneSpan_End(sizes.C);
    int p = (int)get_group_id(0) % sizes.P;
    long image = (long)((int)get_group_id(0) / sizes.P) * (long)sizes.H;
    long upperRow = (image + (long)rows[p]) * (long)sizes.W;
    long lowerRow = (image + (long)rows[sizes.P + p]) * (long)sizes.W;
    for (int q = 0; q < sizes.Q; q++) // :62
    {
        long to = ((long)(int)get_group_id(0) * (long)sizes.Q + (long)q) * (long)sizes.C;
        int c = LaneSpan_First();
        for (; c + Count <= end; c += Count) // :66
        {
            float16 upper = LaneResamplingKernels_Between(x, (upperRow + (long)columns[q]) * (long)sizes.C + (long)c, (upperRow + (long)columns[sizes.Q + q]) * (long)sizes.C + (long)c, columnWeights[q]);
            float16 lower = LaneResamplingKernels_Between(x, (lowerRow + (long)columns[q]) * (long)sizes.C + (long)c, (lowerRow + (long)columns[sizes.Q + q]) * (long)sizes.C + (long)c, columnWeights[q]);
            (vstore16((upper + rowWeights[p] * (lower - upper)), 0, y + (to + (long)c)));
        }
        for (; c < end; c++) // :72
        {
            y[to + (long)c] = ResamplingKernels_BilinearOf(x, rows, rowWeights, columns, columnWeights, image, p, q, c, sizes);
        }
    }
}

