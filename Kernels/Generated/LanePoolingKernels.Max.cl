// LanePoolingKernels.Max: groups of 1 x 1 x 1 work-items.

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

typedef struct
{
    float Value;
    int Place;
} Largest;

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

// LanePoolingKernels.cs:12
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void Max(global float* x, long x_first, global float* y, long y_first, global float* argument, long argument_first, PoolingSizes z, int wantsArgument)
{
    x += x_first;
    y += y_first;
    argument += argument_first;
    int end = LaneSpan_End(z.C);
    int h0 = (int)get_group_id(0) % z.P * z.StrideY - z.PadTop;
    long image = (long)((int)get_group_id(0) / z.P) * (long)z.H;
    for (int q = 0; q < z.Q; q++) // :17
    {
        int w0 = q * z.StrideX - z.PadLeft;
        long at = ((long)(int)get_group_id(0) * (long)z.Q + (long)q) * (long)z.C;
        int c = LaneSpan_First();
        for (; c + Count <= end; c += Count) // :22
        {
            int r0 = max(-h0, 0);
            int s0 = max(-w0, 0);
            float16 best = ((float16)((-INFINITY)));
            float16 place = ((float16)((-1.0f)));
            if (r0 < z.R && h0 + r0 < z.H && s0 < z.S && w0 + s0 < z.W)
            {
                // Below it is compared with itself, and stays.
                best = (vload16(0, x + (((image + (long)h0 + (long)r0) * (long)z.W + (long)w0 + (long)s0) * (long)z.C + (long)c)));
                place = ((float16)(((float)(r0 * z.S + s0))));
            }
            for (int r = r0; r < z.R && h0 + r < z.H; r++) // :34
            {
                for (int s = s0; s < z.S && w0 + s < z.W; s++) // :36
                {
                    float16 value = (vload16(0, x + (((image + (long)h0 + (long)r) * (long)z.W + (long)w0 + (long)s) * (long)z.C + (long)c)));
                    place = ((value <= best | best != best) ? place : (float16)(((float)(r * z.S + s))));
                    best = ((value <= best | best != best) ? best : value);
                }
            }
            (vstore16(best, 0, y + (at + (long)c)));
            if (wantsArgument != 0)
            {
                (vstore16(place, 0, argument + (at + (long)c)));
            }
        }
        for (; c < end; c++) // :47
        {
            Largest found = PoolingKernels_LargestOf(x, image, h0, w0, c, z);
            y[at + (long)c] = found.Value;
            if (wantsArgument != 0)
            {
                argument[at + (long)c] = (float)found.Place;
            }
        }
    }
}

