// LaneSumKernels.Columns<ProductTerm>: groups of 1 x 1 x 1 work-items.

enum { Count = 16, Rows = 8 };

typedef struct
{
    int Length;
    int Inner;
    int Pieces;
    int RowsOfPiece;
} SumArguments;

// ColumnTerms.cs:57
static inline float16 ProductTerm_Sixteen(global float* a, global float* b, global float* mean, long at, int column)
{
    return ((vload16(0, b + at)) * ((vload16(0, a + at)) - (vload16(0, mean + ((long)column)))));
}

// ColumnTerms.cs:54
static inline float ProductTerm_One(global float* a, global float* b, global float* mean, long at, int column)
{
    return b[at] * (a[at] - mean[column]);
}

// LaneSumKernels.cs:18
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void Columns_ProductTerm(global float* a, long a_first, global float* b, long b_first, global float* mean, long mean_first, global float* partial, long partial_first, SumArguments sum)
{
    a += a_first;
    b += b_first;
    mean += mean_first;
    partial += partial_first;
    float16 sums[Rows];
    float single[Rows];
    int column = (int)get_group_id(0) * Count;
    int first = (int)get_group_id(1) * sum.RowsOfPiece;
    int end = min(first + sum.RowsOfPiece, sum.Length);
    long start = (long)(int)get_group_id(2) * (long)sum.Length;
    long to = ((long)(int)get_group_id(2) * (long)sum.Pieces + (long)(int)get_group_id(1)) * (long)sum.Inner;
    if (column + Count <= sum.Inner)
    {
        #pragma unroll
        for (int i = 0; i < Rows; i++) // :30
        {
            sums[i] = ((float16)(0.0f));
        }
        int row = first;
        for (; row + Rows <= end; row += Rows) // :33
        {
            #pragma unroll
            for (int i = 0; i < Rows; i++) // :35
            {
                sums[i] = (sums[i] + ProductTerm_Sixteen(a, b, mean, (start + (long)row + (long)i) * (long)sum.Inner + (long)column, column));
            }
        }
        #pragma unroll
        for (int i = 0; i < Rows; i++) // :38
        {
            if (row + i < end)
            {
                sums[i] = (sums[i] + ProductTerm_Sixteen(a, b, mean, (start + (long)row + (long)i) * (long)sum.Inner + (long)column, column));
            }
        }
        float16 even = ((sums[0] + sums[4]) + (sums[2] + sums[6]));
        float16 odd = ((sums[1] + sums[5]) + (sums[3] + sums[7]));
        (vstore16((even + odd), 0, partial + (to + (long)column)));
        return;
    }
    for (; column < sum.Inner; column++) // :48
    {
        for (int i = 0; i < Rows; i++) // :50
        {
            float own = 0.0f;
            for (int row = first + i; row < end; row += Rows) // :53
            {
                own += ProductTerm_One(a, b, mean, (start + (long)row) * (long)sum.Inner + (long)column, column);
            }
            single[i] = own;
        }
        partial[to + (long)column] = single[0] + single[4] + (single[2] + single[6]) + (single[1] + single[5] + (single[3] + single[7]));
    }
}

