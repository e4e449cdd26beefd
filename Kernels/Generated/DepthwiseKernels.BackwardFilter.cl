// DepthwiseKernels.BackwardFilter: groups of 256 x 1 x 1 work-items.

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

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

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

// DepthwiseKernels.cs:50
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void BackwardFilter(global float* x, long x_first, global float* gy, long gy_first, global float* gw, long gw_first, DepthwiseSizes z)
{
    x += x_first;
    gy += gy_first;
    gw += gw_first;
    long i = DeviceIndex_Element();
    if (i >= z.Count)
    {
        return;
    }
    gw[i] = DepthwiseKernels_BackwardFilterOf(x, gy, (int)(i / (long)z.O), (int)(i % (long)z.O), z);
}

