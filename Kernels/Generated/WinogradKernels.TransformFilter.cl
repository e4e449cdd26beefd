// WinogradKernels.TransformFilter: groups of 256 x 1 x 1 work-items.

enum { Inputs = 6 };

typedef struct
{
    int C;
    int O;
    int Panels;
    int Width;
    long Count;
} WinogradFilterSize;

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// WinogradKernels.cs:31
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void TransformFilter(global float* w, long w_first, global float* u, long u_first, WinogradFilterSize size)
{
    w += w_first;
    u += u_first;
    float half_[Inputs * 3];
    long i = DeviceIndex_Element();
    if (i >= size.Count)
    {
        return;
    }
    int column = (int)(i % (long)size.Width);
    int c = (int)(i / (long)size.Width % (long)size.C);
    int panel = (int)(i / (long)size.Width / (long)size.C);
    int o = panel * size.Width + column;
    bool exists = o < size.O;
    #pragma unroll
    for (int s = 0; s < 3; s++) // :42
    {
        float g0 = exists ? w[((long)s * (long)size.C + (long)c) * (long)size.O + (long)o] : 0.0f;
        float g1 = exists ? w[((long)(3 + s) * (long)size.C + (long)c) * (long)size.O + (long)o] : 0.0f;
        float g2 = exists ? w[((long)(6 + s) * (long)size.C + (long)c) * (long)size.O + (long)o] : 0.0f;
        float outer = g0 * 0.041666668f + g2 * 0.16666667f;
        half_[s] = g0 * 0.25f;
        half_[3 + s] = (g0 + g1 + g2) * -0.16666667f;
        half_[6 + s] = (g0 - g1 + g2) * -0.16666667f;
        half_[9 + s] = outer + g1 * 0.083333336f;
        half_[12 + s] = outer - g1 * 0.083333336f;
        half_[15 + s] = g2;
    }
    long step = (long)size.Panels * (long)size.C * (long)size.Width;
    #pragma unroll
    for (int y = 0; y < Inputs; y++) // :56
    {
        float g0 = half_[y * 3];
        float g1 = half_[y * 3 + 1];
        float g2 = half_[y * 3 + 2];
        float outer = g0 * 0.041666668f + g2 * 0.16666667f;
        long at = (long)(y * Inputs) * step + i;
        u[at] = g0 * 0.25f;
        u[at + step] = (g0 + g1 + g2) * -0.16666667f;
        u[at + 2L * step] = (g0 - g1 + g2) * -0.16666667f;
        u[at + 3L * step] = outer + g1 * 0.083333336f;
        u[at + 4L * step] = outer - g1 * 0.083333336f;
        u[at + 5L * step] = g2;
    }
}

