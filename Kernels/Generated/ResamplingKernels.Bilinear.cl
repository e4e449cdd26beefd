// ResamplingKernels.Bilinear: groups of 32 x 8 x 1 work-items.

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

// An axis' table: for each output the lower and the upper input; its weights lie in a view of their own.
// ResamplingKernels.cs:40
kernel __attribute__((reqd_work_group_size(32, 8, 1)))
void Bilinear(global float* x, long x_first, global float* y, long y_first, global int* rows, long rows_first, global float* rowWeights, long rowWeights_first, global int* columns, long columns_first, global float* columnWeights, long columnWeights_first, ResizeSizes sizes)
{
    x += x_first;
    y += y_first;
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
    y[i] = ResamplingKernels_BilinearOf(x, rows, rowWeights, columns, columnWeights, pixel / (long)sizes.Q / (long)sizes.P * (long)sizes.H, (int)(pixel / (long)sizes.Q % (long)sizes.P), (int)(pixel % (long)sizes.Q), c, sizes);
}

