// ResamplingKernels.NearestBackward: groups of 32 x 8 x 1 work-items.

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

// ResamplingKernels.cs:65
static inline float ResamplingKernels_NearestGradientOf(global float* gy, long image, int h, int w, int c, ResizeSizes sizes)
{
    float sum = 0.0f;
    for (int r = 0; r < sizes.ScaleY; r++) // :68
    {
        for (int s = 0; s < sizes.ScaleX; s++) // :70
        {
            sum += gy[((image * (long)sizes.P + (long)(h * sizes.ScaleY) + (long)r) * (long)sizes.Q + (long)(w * sizes.ScaleX) + (long)s) * (long)sizes.C + (long)c];
        }
    }
    return sum;
}

// ResamplingKernels.cs:28
kernel __attribute__((reqd_work_group_size(32, 8, 1)))
void NearestBackward(global float* gy, long gy_first, global float* gx, long gx_first, ResizeSizes sizes)
{
    gy += gy_first;
    gx += gx_first;
    int c = DeviceIndex_Channel();
    long pixel = DeviceIndex_Row();
    long i = pixel * (long)sizes.C + (long)c;
    if (c >= sizes.C || i >= sizes.Count)
    {
        return;
    }
    gx[i] = ResamplingKernels_NearestGradientOf(gy, pixel / (long)sizes.W / (long)sizes.H, (int)(pixel / (long)sizes.W % (long)sizes.H), (int)(pixel % (long)sizes.W), c, sizes);
}

