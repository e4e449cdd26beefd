// Sums over the rows of [outer, length, inner] for a driver that runs work-items on a processor: ReductionKernels.ColumnSums, sixteen columns in a vector register. A group is one work-item; it takes sixteen columns of a piece of the rows, keeps eight running sums
// (of every eighth row: additions do not wait for each other) and joins them as a tree. That is ColumnSums' own order, so both give the same bits but for contracted multiplications. Columns that sixteen does not divide go one by one.
// Each element is read once: bytes are the limit. Grid: X columns/16, Y pieces, Z outer.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal static class LaneSumKernels
{
    // ColumnSums' rows of a group.
    private const int Rows = 8;

    [Kernel(1)]
    [Specialize(typeof(PlainTerm))]
    [Specialize(typeof(SquareTerm))]
    [Specialize(typeof(ProductTerm))]
    internal static void Columns<TTerm>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, ArrayView<float> partial, SumArguments sum)
        where TTerm : struct, ILaneTerm
    {
        ArrayView<DeviceLanes> sums = LocalMemory.Allocate<DeviceLanes>(Rows);
        ArrayView<float> single = LocalMemory.Allocate<float>(Rows);
        int column = Grid.IdxX * DeviceLanes.Count;
        int first = Grid.IdxY * sum.RowsOfPiece;
        int end = Math.Min(first + sum.RowsOfPiece, sum.Length);
        long start = (long)Grid.IdxZ * sum.Length;
        long to = (((long)Grid.IdxZ * sum.Pieces) + Grid.IdxY) * sum.Inner;
        if (column + DeviceLanes.Count <= sum.Inner)
        {
            for (int i = Unroll.From(0); i < Rows; i++)
                sums[i] = DeviceLanes.Of(0);
            int row = first;
            for (; row + Rows <= end; row += Rows)
            {
                for (int i = Unroll.From(0); i < Rows; i++)
                    sums[i] = DeviceLanes.Add(sums[i], TTerm.Sixteen(a, b, mean, ((start + row + i) * sum.Inner) + column, column));
            }
            for (int i = Unroll.From(0); i < Rows; i++)
            {
                if (row + i < end)
                    sums[i] = DeviceLanes.Add(sums[i], TTerm.Sixteen(a, b, mean, ((start + row + i) * sum.Inner) + column, column));
            }
            DeviceLanes even = DeviceLanes.Add(DeviceLanes.Add(sums[0], sums[4]), DeviceLanes.Add(sums[2], sums[6]));
            DeviceLanes odd = DeviceLanes.Add(DeviceLanes.Add(sums[1], sums[5]), DeviceLanes.Add(sums[3], sums[7]));
            DeviceLanes.Store(partial, to + column, DeviceLanes.Add(even, odd));
            return;
        }
        for (; column < sum.Inner; column++)
        {
            for (int i = 0; i < Rows; i++)
            {
                float own = 0;
                for (int row = first + i; row < end; row += Rows)
                    own += TTerm.One(a, b, mean, ((start + row) * sum.Inner) + column, column);
                single[i] = own;
            }
            partial[to + column] = single[0] + single[4] + (single[2] + single[6]) + (single[1] + single[5] + (single[3] + single[7]));
        }
    }
}
