// LanePoolingKernels.AverageBackward: groups of 1 x 1 x 1 work-items.

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

// LaneSpan.cs:15
static inline int LaneSpan_First(void)
{
    return (int)get_group_id(1) * Channels;
}

// PoolingKernels.cs:154
static inline int PoolingKernels_First(int at, int kernel_, int stride)
{
    return at < kernel_ ? 0 : (at - kernel_ + stride) / stride;
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

// PoolingKernels.cs:140
static inline float PoolingKernels_AverageGradientOf(global float* gy, long image, int h, int w, int c, PoolingSizes sizes)
{
    int endP = min(h / sizes.StrideY + 1, sizes.P);
    int endQ = min(w / sizes.StrideX + 1, sizes.Q);
    float sum = 0.0f;
    for (int p = PoolingKernels_First(h, sizes.R, sizes.StrideY); p < endP; p++) // :145
    {
        for (int q = PoolingKernels_First(w, sizes.S, sizes.StrideX); q < endQ; q++) // :147
        {
            sum += gy[((image + (long)p) * (long)sizes.Q + (long)q) * (long)sizes.C + (long)c] / PoolingSizes_DivisorAt(sizes, p * sizes.StrideY - sizes.PadTop, q * sizes.StrideX - sizes.PadLeft);
        }
    }
    return sum;
}

// LanePoolingKernels.cs:118
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void AverageBackward(global float* gy, long gy_first, global float* gx, long gx_first, PoolingSizes z)
{
    gy += gy_first;
    gx += gx_first;
    int end = LaneSpan_End(z.C);
    int h = (int)get_group_id(0) % z.H + z.PadTop;
    long image = (long)((int)get_group_id(0) / z.H) * (long)z.P;
    int endP = min(h / z.StrideY + 1, z.P);
    for (int column = 0; column < z.W; column++) // :124
    {
        int w = column + z.PadLeft;
        int endQ = min(w / z.StrideX + 1, z.Q);
        long to = ((long)(int)get_group_id(0) * (long)z.W + (long)column) * (long)z.C;
        int c = LaneSpan_First();
        for (; c + Count <= end; c += Count) // :130
        {
            float16 sum = ((float16)(0.0f));
            for (int p = PoolingKernels_First(h, z.R, z.StrideY); p < endP; p++) // :133
            {
                for (int q = PoolingKernels_First(w, z.S, z.StrideX); q < endQ; q++) // :135
                {
                    float divisor = PoolingSizes_DivisorAt(z, p * z.StrideY - z.PadTop, q * z.StrideX - z.PadLeft);
                    sum = (sum + ((vload16(0, gy + (((image + (long)p) * (long)z.Q + (long)q) * (long)z.C + (long)c))) / divisor));
                }
            }
            (vstore16(sum, 0, gx + (to + (long)c)));
        }
        for (; c < end; c++) // :143
        {
            gx[to + (long)c] = PoolingKernels_AverageGradientOf(gy, image, h, w, c, z);
        }
    }
}

