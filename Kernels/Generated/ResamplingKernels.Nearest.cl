// ResamplingKernels.Nearest: groups of 32 x 8 x 1 work-items.

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

// ResamplingKernels.cs:14
kernel __attribute__((reqd_work_group_size(32, 8, 1)))
void Nearest(global float* x, long x_first, global float* y, long y_first, ResizeSizes sizes)
{
    x += x_first;
    y += y_first;
    int c = DeviceIndex_Channel();
    long pixel = DeviceIndex_Row();
    long i = pixel * (long)sizes.C + (long)c;
    if (c >= sizes.C || i >= sizes.Count)
    {
        return;
    }
    int q = (int)(pixel % (long)sizes.Q) / sizes.ScaleX;
    int p = (int)(pixel / (long)sizes.Q % (long)sizes.P) / sizes.ScaleY;
    long image = pixel / (long)sizes.Q / (long)sizes.P;
    y[i] = x[((image * (long)sizes.H + (long)p) * (long)sizes.W + (long)q) * (long)sizes.C + (long)c];
}

