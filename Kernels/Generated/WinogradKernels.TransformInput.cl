// WinogradKernels.TransformInput: groups of 64 x 1 x 1 work-items.

enum { Inputs = 6, Lanes = 64, Outputs = 4, Places = 36 };

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

// Outside of the image 0, read from a place that exists: a load that always happens is one that a processor does for many channels at a time.
// WinogradKernels.cs:166
static inline float WinogradKernels_Pixel(global float* x, long image, int h, int w, int c, WinogradSizes size)
{
    bool inside = h >= 0 && h < size.H && w >= 0 && w < size.W;
    float value = x[(inside ? ((image + (long)h) * (long)size.W + (long)w) * (long)size.C : 0L) + (long)c];
    return inside ? value : 0.0f;
}

// WinogradKernels.cs:74
kernel __attribute__((reqd_work_group_size(64, 1, 1)))
void TransformInput(global float* x, long x_first, global float* v, long v_first, WinogradSizes size)
{
    x += x_first;
    v += v_first;
    float half_[Places];
    int c = (int)get_group_id(0) * Lanes + (int)get_local_id(0);
    int tile = size.First + (int)get_group_id(1);
    int w0 = tile % size.TilesX * Outputs - size.PadLeft;
    int h0 = tile / size.TilesX % size.TilesY * Outputs - size.PadTop;
    long image = (long)(tile / size.TilesX / size.TilesY) * (long)size.H;
    if (c >= size.C)
    {
        return;
    }
    #pragma unroll
    for (int j = 0; j < Inputs; j++) // :84
    {
        float d0 = WinogradKernels_Pixel(x, image, h0, w0 + j, c, size);
        float d1 = WinogradKernels_Pixel(x, image, h0 + 1, w0 + j, c, size);
        float d2 = WinogradKernels_Pixel(x, image, h0 + 2, w0 + j, c, size);
        float d3 = WinogradKernels_Pixel(x, image, h0 + 3, w0 + j, c, size);
        float d4 = WinogradKernels_Pixel(x, image, h0 + 4, w0 + j, c, size);
        float d5 = WinogradKernels_Pixel(x, image, h0 + 5, w0 + j, c, size);
        half_[j] = 4.0f * d0 - 5.0f * d2 + d4;
        half_[6 + j] = d4 - 4.0f * d2 + (d3 - 4.0f * d1);
        half_[12 + j] = d4 - 4.0f * d2 - (d3 - 4.0f * d1);
        half_[18 + j] = d4 - d2 + 2.0f * (d3 - d1);
        half_[24 + j] = d4 - d2 - 2.0f * (d3 - d1);
        half_[30 + j] = 4.0f * d1 - 5.0f * d3 + d5;
    }
    long step = (long)size.Count * (long)size.C;
    long to = (long)(int)get_group_id(1) * (long)size.C + (long)c;
    #pragma unroll
    for (int i = 0; i < Inputs; i++) // :101
    {
        float d0 = half_[i * 6];
        float d1 = half_[i * 6 + 1];
        float d2 = half_[i * 6 + 2];
        float d3 = half_[i * 6 + 3];
        float d4 = half_[i * 6 + 4];
        float d5 = half_[i * 6 + 5];
        long at = to + (long)(i * 6) * step;
        v[at] = 4.0f * d0 - 5.0f * d2 + d4;
        v[at + step] = d4 - 4.0f * d2 + (d3 - 4.0f * d1);
        v[at + 2L * step] = d4 - 4.0f * d2 - (d3 - 4.0f * d1);
        v[at + 3L * step] = d4 - d2 + 2.0f * (d3 - d1);
        v[at + 4L * step] = d4 - d2 - 2.0f * (d3 - d1);
        v[at + 5L * step] = 4.0f * d1 - 5.0f * d3 + d5;
    }
}

