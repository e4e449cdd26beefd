// ReductionKernels.SumPieces: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:21
static inline long DeviceIndex_Element(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// y[o, i] = scale · Σ over pieces of partial[o, piece, i]; of short rows x[o, l] the columns are the pieces.
// ReductionKernels.cs:89
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void SumPieces(global float* partial, long partial_first, global float* y, long y_first, int pieces, int inner, float scale, long count)
{
    partial += partial_first;
    y += y_first;
    long i = DeviceIndex_Element();
    if (i >= count)
    {
        return;
    }
    long at = i / (long)inner * (long)pieces * (long)inner + i % (long)inner;
    float sum = 0.0f;
    for (int piece = 0; piece < pieces; piece++) // :96
    {
        sum += partial[at + (long)piece * (long)inner];
    }
    y[i] = scale * sum;
}

