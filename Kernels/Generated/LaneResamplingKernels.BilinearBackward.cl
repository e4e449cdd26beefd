// LaneResamplingKernels.BilinearBackward: groups of 1 x 1 x 1 work-items.

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

// ResamplingKernels.cs:104
static inline float ResamplingKernels_Weight(global int* table, global float* weights, int output, int outputs, int input)
{
    float weight = table[output] == input ? 1.0f - weights[output] : 0.0f;
    return table[outputs + output] == input ? weight + weights[output] : weight;
}

// ResamplingKernels.cs:86
static inline float ResamplingKernels_BilinearGradientOf(global float* gy, global int* rows, global float* rowWeights, global int* columns, global float* columnWeights, long image, int h, int w, int c, ResizeSizes sizes)
{
    int firstQ = columns[2 * sizes.Q + w];
    int endQ = columns[2 * sizes.Q + sizes.W + w];
    int endP = rows[2 * sizes.P + sizes.H + h];
    float sum = 0.0f;
    for (int p = rows[2 * sizes.P + h]; p < endP; p++) // :93
    {
        float line = 0.0f;
        for (int q = firstQ; q < endQ; q++) // :96
        {
            line += ResamplingKernels_Weight(columns, columnWeights, q, sizes.Q, w) * gy[((image + (long)p) * (long)sizes.Q + (long)q) * (long)sizes.C + (long)c];
        }
        sum += ResamplingKernels_Weight(rows, rowWeights, p, sizes.P, h) * line;
    }
    return sum;
}

// LaneResamplingKernels.cs:78
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void BilinearBackward(global float* gy, long gy_first, global float* gx, long gx_first, global int* rows, long rows_first, global float* rowWeights, long rowWeights_first, global int* columns, long columns_first, global float* columnWeights, long columnWeights_first, ResizeSizes sizes)
{
    gy += gy_first;
    gx += gx_first;
    rows += rows_first;
    rowWeights += rowWeights_first;
    columns += columns_first;
    columnWeights += columnWeights_first;
    int end = LaneSpan_End(sizes.C);
    int h = (int)get_group_id(0) % sizes.H;
    long image = (long)((int)get_group_id(0) / sizes.H) * (long)sizes.P;
    int firstP = rows[2 * sizes.P + h];
    int endP = rows[2 * sizes.P + sizes.H + h];
    for (int w = 0; w < sizes.W; w++) // :86
    {
        int firstQ = columns[2 * sizes.Q + w];
        int endQ = columns[2 * sizes.Q + sizes.W + w];
        long to = ((long)(int)get_group_id(0) * (long)sizes.W + (long)w) * (long)sizes.C;
        int c = LaneSpan_First();
        for (; c + Count <= end; c += Count) // :92
        {
            float16 sum = ((float16)(0.0f));
            for (int p = firstP; p < endP; p++) // :95
            {
                float16 line = ((float16)(0.0f));
                for (int q = firstQ; q < endQ; q++) // :98
                {
                    line = (line + ResamplingKernels_Weight(columns, columnWeights, q, sizes.Q, w) * (vload16(0, gy + (((image + (long)p) * (long)sizes.Q + (long)q) * (long)sizes.C + (long)c))));
                }
                sum = (sum + ResamplingKernels_Weight(rows, rowWeights, p, sizes.P, h) * line);
            }
            (vstore16(sum, 0, gx + (to + (long)c)));
        }
        for (; c < end; c++) // :104
        {
            gx[to + (long)c] = ResamplingKernels_BilinearGradientOf(gy, rows, rowWeights, columns, columnWeights, image, h, w, c, sizes);
        }
    }
}

