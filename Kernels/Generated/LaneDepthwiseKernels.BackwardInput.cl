// LaneDepthwiseKernels.BackwardInput: groups of 1 x 1 x 1 work-items.

enum { Channels = 256, Count = 16 };

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

// LaneDepthwiseKernels.cs:112
static inline float16 LaneDepthwiseKernels_Finish(global float* bias, global float* addend, float16 sum, int channel, long at, DepthwiseSizes z)
{
    float16 value = sum;
    if (z.HasBias != 0)
    {
        value = (value + (vload16(0, bias + ((long)channel))));
    }
    if (z.HasAddend != 0)
    {
        value = (value + (vload16(0, addend + at)));
    }
    if (z.HasRelu != 0)
    {
        value = (value < 0.0f ? (float16)(0.0f) : value);
    }
    return value;
}

// DepthwiseKernels.cs:123
static inline float DepthwiseKernels_Finish(global float* bias, global float* addend, float sum, int channel, long at, DepthwiseSizes z)
{
    float value = sum;
    if (z.HasBias != 0)
    {
        value += bias[channel];
    }
    if (z.HasAddend != 0)
    {
        value += addend[at];
    }
    if (z.HasRelu != 0)
    {
        value = value < 0.0f ? 0.0f : value;
    }
    return value;
}

// DepthwiseKernels.cs:77
static inline float DepthwiseKernels_BackwardInputOf(global float* gy, global float* w, global float* bias, global float* addend, long image, int h0, int w0, int c, long to, DepthwiseSizes z)
{
    float sum = 0.0f;
    for (int r = 0; r < z.R; r++) // :81
    {
        int h = h0 - r * z.DilationY;
        int p = h / z.StrideY;
        bool rowInside = h >= 0 && p < z.P && p * z.StrideY == h;
        for (int s = 0; s < z.S; s++) // :86
        {
            int column = w0 - s * z.DilationX;
            int q = column / z.StrideX;
            if (rowInside && column >= 0 && q < z.Q && q * z.StrideX == column)
            {
                long at = ((image + (long)p) * (long)z.Q + (long)q) * (long)z.O + (long)c * (long)z.M;
                for (int m = 0; m < z.M; m++) // :93
                {
                    sum += gy[at + (long)m] * w[(long)(r * z.S + s) * (long)z.O + (long)c * (long)z.M + (long)m];
                }
            }
        }
    }
    return DepthwiseKernels_Finish(bias, addend, sum, c, to, z);
}

// LaneDepthwiseKernels.cs:46
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void BackwardInput(global float* gy, long gy_first, global float* w, long w_first, global float* bias, long bias_first, global float* addend, long addend_first, global float* gx, long gx_first, DepthwiseSizes z)
{
    gy += gy_first;
    w += w_first;
    bias += bias_first;
    addend += addend_first;
    gx += gx_first;
    int end = LaneSpan_End(z.C);
    int h0 = (int)get_group_id(0) % z.H + z.PadTop;
    long image = (long)((int)get_group_id(0) / z.H) * (long)z.P;
    for (int place = 0; place < z.W; place++) // :51
    {
        int w0 = place + z.PadLeft;
        long to = ((long)(int)get_group_id(0) * (long)z.W + (long)place) * (long)z.C;
        int c = LaneSpan_First();
        for (; c + Count <= end; c += Count) // :56
        {
            float16 sum = ((float16)(0.0f));
            for (int r = 0; r < z.R; r++) // :59
            {
                int h = h0 - r * z.DilationY;
                int p = h / z.StrideY;
                bool rowInside = h >= 0 && p < z.P && p * z.StrideY == h;
                for (int s = 0; s < z.S; s++) // :64
                {
                    int column = w0 - s * z.DilationX;
                    int q = column / z.StrideX;
                    if (rowInside && column >= 0 && q < z.Q && q * z.StrideX == column)
                    {
                        sum = (sum + (vload16(0, gy + (((image + (long)p) * (long)z.Q + (long)q) * (long)z.O + (long)c))) * (vload16(0, w + ((long)(r * z.S + s) * (long)z.O + (long)c))));
                    }
                }
            }
            (vstore16(LaneDepthwiseKernels_Finish(bias, addend, sum, c, to + (long)c, z), 0, gx + (to + (long)c)));
        }
        for (; c < end; c++) // :74
        {
            gx[to + (long)c] = DepthwiseKernels_BackwardInputOf(gy, w, bias, addend, image, h0, w0, c, to + (long)c, z);
        }
    }
}

