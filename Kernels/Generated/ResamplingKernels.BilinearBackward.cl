// ResamplingKernels.BilinearBackward: groups of 32 x 8 x 1 work-items.

enum { Lanes = 32 };

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

// DeviceIndex.cs:24
static inline int DeviceIndex_Channel(void)
{
    return (int)get_group_id(1) * Lanes + (int)get_local_id(0);
}

// DeviceIndex.cs:27
static inline long DeviceIndex_Row(void)
{
    return (long)(int)get_group_id(0) * 8L + (long)(int)get_local_id(1);
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

// A table: for each input the first output that reads it and the end of them, behind the outputs' own entries.
// ResamplingKernels.cs:53
kernel __attribute__((reqd_work_group_size(32, 8, 1)))
void BilinearBackward(global float* gy, long gy_first, global float* gx, long gx_first, global int* rows, long rows_first, global float* rowWeights, long rowWeights_first, global int* columns, long columns_first, global float* columnWeights, long columnWeights_first, ResizeSizes sizes)
{
    gy += gy_first;
    gx += gx_first;
    rows += rows_first;
    rowWeights += rowWeights_first;
    columns += columns_first;
    columnWeights += columnWeights_first;
    int c = DeviceIndex_Channel();
    long pixel = DeviceIndex_Row();
    long i = pixel * (long)sizes.C + (long)c;
    if (c >= sizes.C || i >= sizes.Count)
    {
        return;
    }
    gx[i] = ResamplingKernels_BilinearGradientOf(gy, rows, rowWeights, columns, columnWeights, pixel / (long)sizes.W / (long)sizes.H * (long)sizes.P, (int)(pixel / (long)sizes.W % (long)sizes.H), (int)(pixel % (long)sizes.W), c, sizes);
}

