// LaneDepthwiseKernels.BackwardFilter: groups of 1 x 1 x 1 work-items.

enum { Count = 16 };

typedef struct
{
    int N;
    int H;
    int W;
    int C;
    int P;
    int Q;
    int O;
    int R;
    int S;
    int M;
    int StrideY;
    int StrideX;
    int PadTop;
    int PadLeft;
    int DilationY;
    int DilationX;
    long Count;
    int HasBias;
    int HasAddend;
    int HasRelu;
} DepthwiseSizes;

// DepthwiseKernels.cs:102
static inline float DepthwiseKernels_BackwardFilterOf(global float* x, global float* gy, int tap, int o, DepthwiseSizes z)
{
    int h0 = tap / z.S * z.DilationY - z.PadTop;
    int w0 = tap % z.S * z.DilationX - z.PadLeft;
    float sum = 0.0f;
    for (int n = 0; n < z.N; n++) // :107
    {
        for (int p = 0; p < z.P; p++) // :109
        {
            int h = h0 + p * z.StrideY;
            for (int q = 0; q < z.Q; q++) // :112
            {
                int column = w0 + q * z.StrideX;
                if (h >= 0 && h < z.H && column >= 0 && column < z.W)
                {
                    sum += x[(((long)n * (long)z.H + (long)h) * (long)z.W + (long)column) * (long)z.C + (long)(o / z.M)] * gy[(((long)n * (long)z.P + (long)p) * (long)z.Q + (long)q) * (long)z.O + (long)o];
                }
            }
        }
    }
    return sum;
}

// LaneDepthwiseKernels.cs:80
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void BackwardFilter(global float* x, long x_first, global float* gy, long gy_first, global float* gw, long gw_first, DepthwiseSizes z)
{
    x += x_first;
    gy += gy_first;
    gw += gw_first;
    int o = (int)get_group_id(0) * Count;
    int tap = (int)get_group_id(1);
    if (o + Count > z.O)
    {
        for (; o < z.O; o++) // :86
        {
            gw[(long)tap * (long)z.O + (long)o] = DepthwiseKernels_BackwardFilterOf(x, gy, tap, o, z);
        }
        return;
    }
    int h0 = tap / z.S * z.DilationY - z.PadTop;
    int w0 = tap % z.S * z.DilationX - z.PadLeft;
    float16 sum = ((float16)(0.0f));
    for (int n = 0; n < z.N; n++) // :93
    {
        for (int p = 0; p < z.P; p++) // :95
        {
            int h = h0 + p * z.StrideY;
            for (int q = 0; q < z.Q; q++) // :98
            {
                int column = w0 + q * z.StrideX;
                if (h >= 0 && h < z.H && column >= 0 && column < z.W)
                {
                    sum = (sum + (vload16(0, x + ((((long)n * (long)z.H + (long)h) * (long)z.W + (long)column) * (long)z.C + (long)o))) * (vload16(0, gy + ((((long)n * (long)z.P + (long)p) * (long)z.Q + (long)q) * (long)z.O + (long)o))));
                }
            }
        }
    }
    (vstore16(sum, 0, gw + ((long)tap * (long)z.O + (long)o)));
}

