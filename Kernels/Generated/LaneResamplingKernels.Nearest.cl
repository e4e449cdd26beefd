// LaneResamplingKernels.Nearest: groups of 1 x 1 x 1 work-items.

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

// LaneResamplingKernels.cs:11
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void Nearest(global float* x, long x_first, global float* y, long y_first, ResizeSizes sizes)
{
    x += x_first;
    y += y_first;
    int end = LaneSpan_End(sizes.C);
    int p = (int)get_group_id(0) % sizes.P / sizes.ScaleY;
    long row = (long)((int)get_group_id(0) / sizes.P) * (long)sizes.H + (long)p;
    for (int q = 0; q < sizes.Q; q++) // :16
    {
        long from = (row * (long)sizes.W + (long)(q / sizes.ScaleX)) * (long)sizes.C;
        long to = ((long)(int)get_group_id(0) * (long)sizes.Q + (long)q) * (long)sizes.C;
        int c = LaneSpan_First();
        for (; c + Count <= end; c += Count) // :21
        {
            (vstore16((vload16(0, x + (from + (long)c))), 0, y + (to + (long)c)));
        }
        for (; c < end; c++) // :23
        {
            y[to + (long)c] = x[from + (long)c];
        }
    }
}

