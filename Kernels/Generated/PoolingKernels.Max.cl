// PoolingKernels.Max: groups of 32 x 8 x 1 work-items.

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

typedef struct
{
    float Value;
    int Place;
} Largest;

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

// PoolingKernels.cs:89
static inline Largest PoolingKernels_LargestOf(global float* x, long image, int h0, int w0, int c, PoolingSizes sizes)
{
    float best = -INFINITY;
    int place = -1;
    for (int r = max(-h0, 0); r < sizes.R && h0 + r < sizes.H; r++) // :93
    {
        for (int s = max(-w0, 0); s < sizes.S && w0 + s < sizes.W; s++) // :95
        {
            float value = x[((image + (long)h0 + (long)r) * (long)sizes.W + (long)w0 + (long)s) * (long)sizes.C + (long)c];
            // The first of equal ones; the first NaN beats every number and stays.
            bool larger = place < 0 || value > best || isnan(value) && !isnan(best);
            best = larger ? value : best;
            place = larger ? r * sizes.S + s : place;
        }
    }
    return (Largest){ .Value = best, .Place = place };
}

// PoolingKernels.cs:34
kernel __attribute__((reqd_work_group_size(32, 8, 1)))
void Max(global float* x, long x_first, global float* y, long y_first, global float* argument, long argument_first, PoolingSizes sizes, int wantsArgument)
{
    x += x_first;
    y += y_first;
    argument += argument_first;
    int c = DeviceIndex_Channel();
    long pixel = DeviceIndex_Row();
    long i = pixel * (long)sizes.C + (long)c;
    if (c >= sizes.C || i >= sizes.YCount)
    {
        return;
    }
    int w0 = (int)(pixel % (long)sizes.Q) * sizes.StrideX - sizes.PadLeft;
    int h0 = (int)(pixel / (long)sizes.Q % (long)sizes.P) * sizes.StrideY - sizes.PadTop;
    Largest found = PoolingKernels_LargestOf(x, pixel / (long)sizes.Q / (long)sizes.P * (long)sizes.H, h0, w0, c, sizes);
    y[i] = found.Value;
    if (wantsArgument != 0)
    {
        argument[i] = (float)found.Place;
    }
}

