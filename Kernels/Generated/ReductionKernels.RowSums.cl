// ReductionKernels.RowSums: groups of 256 x 1 x 1 work-items.

enum { RowItems = 256 };

typedef struct
{
    int Length;
    int Inner;
    int Pieces;
    int RowsOfPiece;
} SumArguments;

// A tree over the group: the same order of additions whatever the order of the work-items.
// ReductionKernels.cs:229
static inline float ReductionKernels_GroupSum(local float* sums, float own)
{
    sums[(int)get_local_id(0)] = own;
    barrier(CLK_LOCAL_MEM_FENCE); // :232
    for (int half_ = RowItems / 2; half_ > 0; half_ /= 2) // :233
    {
        if ((int)get_local_id(0) < half_)
        {
            sums[(int)get_local_id(0)] += sums[(int)get_local_id(0) + half_];
        }
        barrier(CLK_LOCAL_MEM_FENCE); // :237
    }
    float total = sums[0];
    // The next call writes here again.
    barrier(CLK_LOCAL_MEM_FENCE); // :241
    return total;
}

// partial[o, piece] = Σ of a contiguous piece of a row. Grid: X outer, Y pieces.
// ReductionKernels.cs:73
kernel __attribute__((reqd_work_group_size(256, 1, 1)))
void RowSums(global float* x, long x_first, global float* partial, long partial_first, SumArguments sum)
{
    x += x_first;
    partial += partial_first;
    local float sums[RowItems];
    int piece = (int)get_group_id(1);
    long row = (long)(int)get_group_id(0) * (long)sum.Length;
    int end = min((piece + 1) * sum.RowsOfPiece, sum.Length);
    float own = 0.0f;
    for (int i = piece * sum.RowsOfPiece + (int)get_local_id(0); i < end; i += RowItems) // :80
    {
        own += x[row + (long)i];
    }
    float total = ReductionKernels_GroupSum(sums, own);
    if ((int)get_local_id(0) == 0)
    {
        partial[(long)(int)get_group_id(0) * (long)sum.Pieces + (long)piece] = total;
    }
}

