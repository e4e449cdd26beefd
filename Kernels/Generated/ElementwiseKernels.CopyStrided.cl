// ElementwiseKernels.CopyStrided: groups of 256 x 1 x 1 work-items.

typedef struct
{
    int Size0;
    int Size1;
    int Size2;
    int Size3;
    int Size4;
    int Size5;
    long X0;
    long X1;
    long X2;
    long X3;
    long X4;
    long X5;
    long Y0;
    long Y1;
    long Y2;
    long Y3;
    long Y4;
    long Y5;
    long XStart;
    long YStart;
    long Count;
} BoxStrides;

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// ElementwiseKernels.cs:159
static inline void ElementwiseKernels_Walk(long* rest, long* from, long* to, int size, long x, long y)
{
    long at = (*rest) % (long)size;
    (*rest) /= (long)size;
    (*from) += at * x;
    (*to) += at * y;
}

// ElementwiseKernels.cs:142
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void CopyStrided(global float* x, long x_first, global float* y, long y_first, BoxStrides box)
{
    x += x_first;
    y += y_first;
    long i = DeviceIndex_Element();
    if (i >= box.Count)
    {
        return;
    }
    long rest = i;
    long from = box.XStart;
    long to = box.YStart;
    ElementwiseKernels_Walk(&rest, &from, &to, box.Size5, box.X5, box.Y5);
    ElementwiseKernels_Walk(&rest, &from, &to, box.Size4, box.X4, box.Y4);
    ElementwiseKernels_Walk(&rest, &from, &to, box.Size3, box.X3, box.Y3);
    ElementwiseKernels_Walk(&rest, &from, &to, box.Size2, box.X2, box.Y2);
    ElementwiseKernels_Walk(&rest, &from, &to, box.Size1, box.X1, box.Y1);
    ElementwiseKernels_Walk(&rest, &from, &to, box.Size0, box.X0, box.Y0);
    y[to] = x[from];
}

