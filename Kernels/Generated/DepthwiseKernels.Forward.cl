// DepthwiseKernels.Forward: groups of 32 x 8 x 1 work-items.

enum { Lanes = 32 };

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

// DepthwiseKernels.cs:24
kernel __attribute__((reqd_work_group_size(32, 8, 1)))
void Forward(global float* x, long x_first, global float* w, long w_first, global float* bias, long bias_first, global float* addend, long addend_first, global float* y, long y_first, DepthwiseSizes z)
{
    x += x_first;
    w += w_first;
    bias += bias_first;
    addend += addend_first;
    y += y_first;
    int o = DeviceIndex_Channel();
    long pixel = DeviceIndex_Row();
    long i = pixel * (long)z.O + (long)o;
    if (o >= z.O || i >= z.Count)
    {
        return;
    }
    int w0 = (int)(pixel % (long)z.Q) * z.StrideX - z.PadLeft;
    int h0 = (int)(pixel / (long)z.Q % (long)z.P) * z.StrideY - z.PadTop;
    y[i] = DepthwiseKernels_ForwardOf(x, w, bias, addend, pixel / (long)z.Q / (long)z.P * (long)z.H, h0, w0, o, i, z);
}

