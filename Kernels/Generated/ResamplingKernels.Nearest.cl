// ResamplingKernels.Nearest: groups of 256 x 1 x 1 work-items.

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

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// ResamplingKernels.cs:13
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void Nearest(global float* x, long x_first, global float* y, long y_first, ResizeSizes sizes)
{
    x += x_first;
    y += y_first;
    long i = DeviceIndex_Element();
    if (i >= sizes.Count)
    {
        return;
    }
    long pixel = i / (long)sizes.C;
    int q = (int)(pixel % (long)sizes.Q) / sizes.ScaleX;
    int p = (int)(pixel / (long)sizes.Q % (long)sizes.P) / sizes.ScaleY;
    long image = pixel / (long)sizes.Q / (long)sizes.P;
    y[i] = x[((image * (long)sizes.H + (long)p) * (long)sizes.W + (long)q) * (long)sizes.C + i % (long)sizes.C];
}

