// WinogradKernels.TransformOutput: groups of 64 x 1 x 1 work-items.

enum { Inputs = 6, Lanes = 64, Outputs = 4 };

typedef struct
{
    int H;
    int W;
    int C;
    int P;
    int Q;
    int O;
    int PadTop;
    int PadLeft;
    int TilesY;
    int TilesX;
    int First;
    int Count;
    long Pitch;
    int HasBias;
    int HasAddend;
    int HasRelu;
} WinogradSizes;

// WinogradKernels.cs:173
static inline void WinogradKernels_Store(global float* addend, global float* y, long pixel, int o, float sum, bool exists, WinogradSizes size)
{
    if (!exists)
    {
        return;
    }
    long at = pixel * size.Pitch + (long)o;
    float value = sum;
    if (size.HasAddend != 0)
    {
        value += addend[at];
    }
    if (size.HasRelu != 0)
    {
        value = value < 0.0f ? 0.0f : value;
    }
    y[at] = value;
}

// WinogradKernels.cs:121
kernel __attribute__((reqd_work_group_size(64, 1, 1)))
void TransformOutput(global float* m, long m_first, global float* bias, long bias_first, global float* addend, long addend_first, global float* y, long y_first, WinogradSizes size)
{
    m += m_first;
    bias += bias_first;
    addend += addend_first;
    y += y_first;
    float half_[Outputs * Inputs];
    int o = (int)get_group_id(0) * Lanes + (int)get_local_id(0);
    int tile = size.First + (int)get_group_id(1);
    int q0 = tile % size.TilesX * Outputs;
    int p0 = tile / size.TilesX % size.TilesY * Outputs;
    long image = (long)(tile / size.TilesX / size.TilesY) * (long)size.P;
    if (o >= size.O)
    {
        return;
    }
    long step = (long)size.Count * (long)size.O;
    long from = (long)(int)get_group_id(1) * (long)size.O + (long)o;
    #pragma unroll
    for (int j = 0; j < Inputs; j++) // :133
    {
        long at = from + (long)j * step;
        float m0 = m[at];
        float m1 = m[at + 6L * step];
        float m2 = m[at + 12L * step];
        float m3 = m[at + 18L * step];
        float m4 = m[at + 24L * step];
        float m5 = m[at + 30L * step];
        half_[j] = m0 + (m1 + m2) + (m3 + m4);
        half_[6 + j] = m1 - m2 + 2.0f * (m3 - m4);
        half_[12 + j] = m1 + m2 + 4.0f * (m3 + m4);
        half_[18 + j] = m1 - m2 + 8.0f * (m3 - m4) + m5;
    }
    float shift = size.HasBias != 0 ? bias[o] : 0.0f;
    #pragma unroll
    for (int i = 0; i < Outputs; i++) // :148
    {
        float m0 = half_[i * 6];
        float m1 = half_[i * 6 + 1];
        float m2 = half_[i * 6 + 2];
        float m3 = half_[i * 6 + 3];
        float m4 = half_[i * 6 + 4];
        float m5 = half_[i * 6 + 5];
        long row = (image + (long)p0 + (long)i) * (long)size.Q + (long)q0;
        int left = p0 + i < size.P ? size.Q - q0 : 0;
        WinogradKernels_Store(addend, y, row, o, m0 + (m1 + m2) + (m3 + m4) + shift, left > 0, size);
        WinogradKernels_Store(addend, y, row + 1L, o, m1 - m2 + 2.0f * (m3 - m4) + shift, left > 1, size);
        WinogradKernels_Store(addend, y, row + 2L, o, m1 + m2 + 4.0f * (m3 + m4) + shift, left > 2, size);
        WinogradKernels_Store(addend, y, row + 3L, o, m1 - m2 + 8.0f * (m3 - m4) + m5 + shift, left > 3, size);
    }
}

