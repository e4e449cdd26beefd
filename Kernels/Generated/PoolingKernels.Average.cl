// PoolingKernels.Average: groups of 32 x 8 x 1 work-items.

enum { Lanes = 32 };

typedef struct
{
    int H;
    int W;
    int C;
    int P;
    int Q;
    int R;
    int S;
    int StrideY;
    int StrideX;
    int PadTop;
    int PadLeft;
    int Divisor;
    long XCount;
    long YCount;
} PoolingSizes;

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

// PoolingKernels.cs:16
static inline float PoolingSizes_DivisorAt(PoolingSizes self, int h, int w)
{
    if (self.Divisor == 2)
    {
        return 1.0f;
    }
    if (self.Divisor == 0)
    {
        return (float)(self.R * self.S);
    }
    int rows = min(h + self.R, self.H) - max(h, 0);
    int columns = min(w + self.S, self.W) - max(w, 0);
    return (float)(max(rows, 0) * max(columns, 0));
}

// PoolingKernels.cs:127
static inline float PoolingKernels_AverageOf(global float* x, long image, int h0, int w0, int c, PoolingSizes sizes)
{
    float sum = 0.0f;
    for (int r = max(-h0, 0); r < sizes.R && h0 + r < sizes.H; r++) // :130
    {
        for (int s = max(-w0, 0); s < sizes.S && w0 + s < sizes.W; s++) // :132
        {
            sum += x[((image + (long)h0 + (long)r) * (long)sizes.W + (long)w0 + (long)s) * (long)sizes.C + (long)c];
        }
    }
    float divisor = PoolingSizes_DivisorAt(sizes, h0, w0);
    return divisor > 0.0f ? sum / divisor : 0.0f;
}

// PoolingKernels.cs:63
kernel __attribute__((reqd_work_group_size(32, 8, 1)))
void Average(global float* x, long x_first, global float* y, long y_first, PoolingSizes sizes)
{
    x += x_first;
    y += y_first;
    int c = DeviceIndex_Channel();
    long pixel = DeviceIndex_Row();
    long i = pixel * (long)sizes.C + (long)c;
    if (c >= sizes.C || i >= sizes.YCount)
    {
        return;
    }
    int w0 = (int)(pixel % (long)sizes.Q) * sizes.StrideX - sizes.PadLeft;
    int h0 = (int)(pixel / (long)sizes.Q % (long)sizes.P) * sizes.StrideY - sizes.PadTop;
    y[i] = PoolingKernels_AverageOf(x, pixel / (long)sizes.Q / (long)sizes.P * (long)sizes.H, h0, w0, c, sizes);
}

