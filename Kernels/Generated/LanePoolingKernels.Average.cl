// LanePoolingKernels.Average: groups of 1 x 1 x 1 work-items.

enum { Channels = 256, Count = 16 };

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

// LaneSpan.cs:18
static inline int LaneSpan_End(int channels)
{
    return min((int)get_group_id(1) * Channels + Channels, channels);
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

// LaneSpan.cs:15
static inline int LaneSpan_First(void)
{
    return (int)get_group_id(1) * Channels;
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

// LanePoolingKernels.cs:90
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void Average(global float* x, long x_first, global float* y, long y_first, PoolingSizes z)
{
    x += x_first;
    y += y_first;
    int end = LaneSpan_End(z.C);
    int h0 = (int)get_group_id(0) % z.P * z.StrideY - z.PadTop;
    long image = (long)((int)get_group_id(0) / z.P) * (long)z.H;
    for (int q = 0; q < z.Q; q++) // :95
    {
        int w0 = q * z.StrideX - z.PadLeft;
        long at = ((long)(int)get_group_id(0) * (long)z.Q + (long)q) * (long)z.C;
        float divisor = PoolingSizes_DivisorAt(z, h0, w0);
        int c = LaneSpan_First();
        for (; c + Count <= end; c += Count) // :101
        {
            float16 sum = ((float16)(0.0f));
            for (int r = max(-h0, 0); r < z.R && h0 + r < z.H; r++) // :104
            {
                for (int s = max(-w0, 0); s < z.S && w0 + s < z.W; s++) // :106
                {
                    sum = (sum + (vload16(0, x + (((image + (long)h0 + (long)r) * (long)z.W + (long)w0 + (long)s) * (long)z.C + (long)c))));
                }
            }
            // Nothing real under the window: the sum is 0, and so is y.
            (vstore16((sum / (divisor > 0.0f ? divisor : 1.0f)), 0, y + (at + (long)c)));
        }
        for (; c < end; c++) // :112
        {
            y[at + (long)c] = PoolingKernels_AverageOf(x, image, h0, w0, c, z);
        }
    }
}

