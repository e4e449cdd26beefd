// LaneResamplingKernels.NearestBackward: groups of 1 x 1 x 1 work-items.

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

// LaneResamplingKernels.cs:29
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void NearestBackward(global float* gy, long gy_first, global float* gx, long gx_first, ResizeSizes sizes)
{
    gy += gy_first;
    gx += gx_first;
    int end = LaneSpan_End(sizes.C);
    int h = (int)get_group_id(0) % sizes.H;
    long image = (long)((int)get_group_id(0) / sizes.H);
    for (int w = 0; w < sizes.W; w++) // :34
    {
        long to = ((long)(int)get_group_id(0) * (long)sizes.W + (long)w) * (long)sizes.C;
        int c = LaneSpan_First();
        for (; c + Count <= end; c += Count) // :38
        {
            float16 sum = ((float16)(0.0f));
            for (int r = 0; r < sizes.ScaleY; r++) // :41
            {
                for (int s = 0; s < sizes.ScaleX; s++) // :43
                {
                    sum = (sum + (vload16(0, gy + (((image * (long)sizes.P + (long)(h * sizes.ScaleY) + (long)r) * (long)sizes.Q + (long)(w * sizes.ScaleX) + (long)s) * (long)sizes.C + (long)c))));
                }
            }
            (vstore16(sum, 0, gx + (to + (long)c)));
        }
        for (; c < end; c++) // :48
        {
            gx[to + (long)c] = ResamplingKernels_NearestGradientOf(gy, image, h, w, c, sizes);
        }
    }
}

