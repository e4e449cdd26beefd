// DepthwiseKernels.BackwardInput: groups of 32 x 8 x 1 work-items.

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

// DepthwiseKernels.cs:37
kernel __attribute__((reqd_work_group_size(32, 8, 1)))
void BackwardInput(global float* gy, long gy_first, global float* w, long w_first, global float* bias, long bias_first, global float* addend, long addend_first, global float* gx, long gx_first, DepthwiseSizes z)
{
    gy += gy_first;
    w += w_first;
    bias += bias_first;
    addend += addend_first;
    gx += gx_first;
    int c = DeviceIndex_Channel();
    long pixel = DeviceIndex_Row();
    long i = pixel * (long)z.C + (long)c;
    if (c >= z.C || i >= z.Count)
    {
        return;
    }
    int w0 = (int)(pixel % (long)z.W) + z.PadLeft;
    int h0 = (int)(pixel / (long)z.W % (long)z.H) + z.PadTop;
    gx[i] = DepthwiseKernels_BackwardInputOf(gy, w, bias, addend, pixel / (long)z.W / (long)z.H * (long)z.P, h0, w0, c, i, z);
}

