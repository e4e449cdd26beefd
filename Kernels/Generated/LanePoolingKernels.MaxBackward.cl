// LanePoolingKernels.MaxBackward: groups of 1 x 1 x 1 work-items.

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

// PoolingKernels.cs:108
static inline float PoolingKernels_MaxGradientOf(global float* argument, global float* gy, long image, int h, int w, int c, PoolingSizes sizes)
{
    int endP = min(h / sizes.StrideY + 1, sizes.P);
    int endQ = min(w / sizes.StrideX + 1, sizes.Q);
    float sum = 0.0f;
    for (int p = PoolingKernels_First(h, sizes.R, sizes.StrideY); p < endP; p++) // :113
    {
        for (int q = PoolingKernels_First(w, sizes.S, sizes.StrideX); q < endQ; q++) // :115
        {
            long at = ((image + (long)p) * (long)sizes.Q + (long)q) * (long)sizes.C + (long)c;
            int mine = (h - p * sizes.StrideY) * sizes.S + w - q * sizes.StrideX;
            if ((int)argument[at] == mine)
            {
                sum += gy[at];
            }
        }
    }
    return sum;
}

// LanePoolingKernels.cs:58
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void MaxBackward(global float* argument, long argument_first, global float* gy, long gy_first, global float* gx, long gx_first, PoolingSizes z)
{
    argument += argument_first;
    gy += gy_first;
    gx += gx_first;
    int end = LaneSpan_End(z.C);
    int h = (int)get_group_id(0) % z.H + z.PadTop;
    long image = (long)((int)get_group_id(0) / z.H) * (long)z.P;
    int endP = min(h / z.StrideY + 1, z.P);
    for (int column = 0; column < z.W; column++) // :64
    {
        int w = column + z.PadLeft;
        int endQ = min(w / z.StrideX + 1, z.Q);
        long to = ((long)(int)get_group_id(0) * (long)z.W + (long)column) * (long)z.C;
        int c = LaneSpan_First();
        for (; c + Count <= end; c += Count) // :70
        {
            float16 sum = ((float16)(0.0f));
            for (int p = PoolingKernels_First(h, z.R, z.StrideY); p < endP; p++) // :73
            {
                for (int q = PoolingKernels_First(w, z.S, z.StrideX); q < endQ; q++) // :75
                {
                    long at = ((image + (long)p) * (long)z.Q + (long)q) * (long)z.C + (long)c;
                    int mine = (h - p * z.StrideY) * z.S + w - q * z.StrideX;
                    sum = ((vload16(0, argument + at)) == ((float)mine) ? sum + (vload16(0, gy + at)) : sum);
                }
            }
            (vstore16(sum, 0, gx + (to + (long)c)));
        }
        for (; c < end; c++) // :84
        {
            gx[to + (long)c] = PoolingKernels_MaxGradientOf(argument, gy, image, h, w, c, z);
        }
    }
}

