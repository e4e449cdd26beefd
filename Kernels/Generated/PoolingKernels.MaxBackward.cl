// PoolingKernels.MaxBackward: groups of 32 x 8 x 1 work-items.

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

// PoolingKernels.cs:50
kernel __attribute__((reqd_work_group_size(32, 8, 1)))
void MaxBackward(global float* argument, long argument_first, global float* gy, long gy_first, global float* gx, long gx_first, PoolingSizes sizes)
{
    argument += argument_first;
    gy += gy_first;
    gx += gx_first;
    int c = DeviceIndex_Channel();
    long pixel = DeviceIndex_Row();
    long i = pixel * (long)sizes.C + (long)c;
    if (c >= sizes.C || i >= sizes.XCount)
    {
        return;
    }
    int w = (int)(pixel % (long)sizes.W) + sizes.PadLeft;
    int h = (int)(pixel / (long)sizes.W % (long)sizes.H) + sizes.PadTop;
    gx[i] = PoolingKernels_MaxGradientOf(argument, gy, pixel / (long)sizes.W / (long)sizes.H * (long)sizes.P, h, w, c, sizes);
}

