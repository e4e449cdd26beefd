// LaneRowKernels.Sums: groups of 1 x 1 x 1 work-items.

enum { Count = 16, Parts = 4, Rows = 8 };

typedef struct
{
    int Length;
    int Inner;
    int Pieces;
    int RowsOfPiece;
} SumArguments;

// partial[row, piece] = Σ of a piece of the row.
// LaneRowKernels.cs:23
kernel __attribute__((reqd_work_group_size(1, 1, 1)))
void Sums(global float* x, long x_first, global float* partial, long partial_first, SumArguments sum, long rows)
{
    x += x_first;
    partial += partial_first;
    float16 sums[Parts];
    float ends[Count];
    int first = (int)get_group_id(1) * sum.RowsOfPiece;
    int end = min(first + sum.RowsOfPiece, sum.Length);
    for (int i = 0; i < Rows; i++) // :29
    {
        long row = (long)(int)get_group_id(0) * 8L + (long)i;
        if (row < rows)
        {
            long start = row * (long)sum.Length;
            #pragma unroll
            for (int part = 0; part < Parts; part++) // :35
            {
                sums[part] = ((float16)(0.0f));
            }
            int l = first;
            for (; l + Parts * Count <= end; l += Parts * Count) // :38
            {
                #pragma unroll
                for (int part = 0; part < Parts; part++) // :40
                {
                    sums[part] = (sums[part] + (vload16(0, x + (start + (long)l + (long)(part * Count)))));
                }
            }
            for (; l + Count <= end; l += Count) // :43
            {
                sums[0] = (sums[0] + (vload16(0, x + (start + (long)l))));
            }
            (vstore16(((sums[0] + sums[1]) + (sums[2] + sums[3])), 0, ends + 0L));
            float total = 0.0f;
            for (int lane = 0; lane < Count; lane++) // :47
            {
                total += ends[lane];
            }
            for (; l < end; l++) // :49
            {
                total += x[start + (long)l];
            }
            partial[row * (long)sum.Pieces + (long)(int)get_group_id(1)] = total;
        }
    }
}

