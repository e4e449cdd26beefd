// ReductionKernels.SumPieces: groups of 256 x 1 x 1 work-items.

// DeviceIndex.cs:15
static inline long DeviceIndex_First(void)
{
    return (long)(int)get_group_id(0) * 256L + (long)(int)get_local_id(0);
}

// DeviceIndex.cs:18
static inline long DeviceIndex_Step(void)
{
    return (long)(int)get_num_groups(0) * 256L;
}

// y[o, i] = scale · Σ over pieces of partial[o, piece, i].
// ReductionKernels.cs:155
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void SumPieces(global float* partial, long partial_first, global float* y, long y_first, int pieces, int inner, float scale, long count)
{
    partial += partial_first;
    y += y_first;
    for (long i = DeviceIndex_First(); i < count; i += DeviceIndex_Step()) // :157
    {
        long at = i / (long)inner * (long)pieces * (long)inner + i % (long)inner;
        float sum = 0.0f;
        for (int piece = 0; piece < pieces; piece++) // :161
        {
            sum += partial[at + (long)piece * (long)inner];
        }
        y[i] = scale * sum;
    }
}

