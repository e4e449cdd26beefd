// ReductionKernels.ColumnSums<ProductTerm>: groups of 32 x 8 x 1 work-items.

enum { Lanes = 32, Rows = 8 };

typedef struct
{
    int HasIgnored;
    int Ignored;
} IgnoredLabel;

typedef struct
{
    int Length;
    int Inner;
    int Pieces;
    int RowsOfPiece;
} SumArguments;

// ColumnTerms.cs:54
static inline float ProductTerm_One(global float* a, global float* b, global float* mean, long at, int column)
{
    return b[at] * (a[at] - mean[column]);
}

// ColumnTerms.cs:51
static inline float ProductTerm_Value(global float* a, global float* b, global float* mean, global int* labels, IgnoredLabel ignored, long at, int row, int column)
{
    return ProductTerm_One(a, b, mean, at, column);
}

// partial[o, piece, i] = Σ of the piece's terms. 32 neighbouring columns and 8 rows a group. Grid: X columns/32, Y pieces, Z outer.
// ReductionKernels.cs:39
kernel __attribute__((reqd_work_group_size(32, 8, 1)))
void ColumnSums_ProductTerm(global float* a, long a_first, global float* b, long b_first, global float* mean, long mean_first, global int* labels, long labels_first, IgnoredLabel ignored, global float* partial, long partial_first, SumArguments sum)
{
    a += a_first;
    b += b_first;
    mean += mean_first;
    labels += labels_first;
    partial += partial_first;
    local float sums[Lanes * Rows];
    int lane = (int)get_local_id(0);
    int y = (int)get_local_id(1);
    int column = (int)get_group_id(0) * Lanes + lane;
    int piece = (int)get_group_id(1);
    int outer = (int)get_group_id(2);
    int end = min((piece + 1) * sum.RowsOfPiece, sum.Length);
    float own = 0.0f;
    if (column < sum.Inner)
    {
        for (int row = piece * sum.RowsOfPiece + y; row < end; row += Rows) // :53
        {
            long at = ((long)outer * (long)sum.Length + (long)row) * (long)sum.Inner + (long)column;
            own += ProductTerm_Value(a, b, mean, labels, ignored, at, row, column);
        }
    }
    sums[y * Lanes + lane] = own;
    barrier(CLK_LOCAL_MEM_FENCE); // :60
    for (int half_ = Rows / 2; half_ > 0; half_ /= 2) // :61
    {
        if (y < half_)
        {
            sums[y * Lanes + lane] += sums[(y + half_) * Lanes + lane];
        }
        barrier(CLK_LOCAL_MEM_FENCE); // :65
    }
    if (y == 0 && column < sum.Inner)
    {
        partial[((long)outer * (long)sum.Pieces + (long)piece) * (long)sum.Inner + (long)column] = sums[lane];
    }
}

