// ResamplingKernels.NearestBackward: groups of 256 x 1 x 1 work-items.

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

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// ResamplingKernels.cs:26
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void NearestBackward(global float* gy, long gy_first, global float* gx, long gx_first, ResizeSizes sizes)
{
    gy += gy_first;
    gx += gx_first;
    long i = DeviceIndex_Element();
    if (i >= sizes.Count)
    {
        return;
    }
    long pixel = i / (long)sizes.C;
    int w = (int)(pixel % (long)sizes.W);
    int h = (int)(pixel / (long)sizes.W % (long)sizes.H);
    long image = pixel / (long)sizes.W / (long)sizes.H;
    float sum = 0.0f;
    for (int r = 0; r < sizes.ScaleY; r++) // :36
    {
        for (int s = 0; s < sizes.ScaleX; s++) // :38
        {
            sum += gy[((image * (long)sizes.P + (long)(h * sizes.ScaleY) + (long)r) * (long)sizes.Q + (long)(w * sizes.ScaleX) + (long)s) * (long)sizes.C + i % (long)sizes.C];
        }
    }
    gx[i] = sum;
}

