// LaneDepthwiseKernels.Forward: groups of 1 x 1 x 1 work-items.

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

// DepthwiseKernels.cs:59
static inline float DepthwiseKernels_ForwardOf(global float* x, global float* w, global float* bias, global float* addend, long image, int h0, int w0, int o, long at, DepthwiseSizes z)
{
    float sum = 0.0f;
    for (int r = 0; r < z.R; r++) // :63
    {
        int h = h0 + r * z.DilationY;
        for (int s = 0; s < z.S; s++) // :66
        {
            int column = w0 + s * z.DilationX;
            if (h >= 0 && h < z.H && column >= 0 && column < z.W)
            {
                sum += x[((image + (long)h) * (long)z.W + (long)column) * (long)z.C + (long)(o / z.M)] * w[(long)(r * z.S + s) * (long)z.O + (long)o];
            }
        }
    }
    return DepthwiseKernels_Finish(bias, addend, sum, o, at, z);
}

// LaneDepthwiseKernels.cs:15
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void Forward(global float* x, long x_first, global float* w, long w_first, global float* bias, long bias_first, global float* addend, long addend_first, global float* y, long y_first, DepthwiseSizes z)
{
    x += x_first;
    w += w_first;
    bias += bias_first;
    addend += addend_first;
    y += y_first;
    int end = LaneSpan_End(z.O);
    int h0 = (int)get_group_id(0) % z.P * z.StrideY - z.PadTop;
    long image = (long)((int)get_group_id(0) / z.P) * (long)z.H;
    for (int q = 0; q < z.Q; q++) // :20
    {
        int w0 = q * z.StrideX - z.PadLeft;
        long at = ((long)(int)get_group_id(0) * (long)z.Q + (long)q) * (long)z.O;
        int o = LaneSpan_First();
        for (; o + Count <= end; o += Count) // :25
        {
            float16 sum = ((float16)(0.0f));
            for (int r = 0; r < z.R; r++) // :28
            {
                int h = h0 + r * z.DilationY;
                for (int s = 0; s < z.S; s++) // :31
                {
                    int column = w0 + s * z.DilationX;
                    if (h >= 0 && h < z.H && column >= 0 && column < z.W)
                    {
                        sum = (sum + (vload16(0, x + (((image + (long)h) * (long)z.W + (long)column) * (long)z.C + (long)o))) * (vload16(0, w + ((long)(r * z.S + s) * (long)z.O + (long)o))));
                    }
                }
            }
            (vstore16(LaneDepthwiseKernels_Finish(bias, addend, sum, o, at + (long)o, z), 0, y + (at + (long)o)));
        }
        for (; o < end; o++) // :40
        {
            y[at + (long)o] = DepthwiseKernels_ForwardOf(x, w, bias, addend, image, h0, w0, o, at + (long)o, z);
        }
    }
}

