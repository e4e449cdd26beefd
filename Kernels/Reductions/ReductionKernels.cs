// Sums over an axis of [outer, length, inner], softmax, largest values, losses. Sums are made of partial sums over pieces whose extents depend on the shape alone, in shared memory as a tree, then over the pieces in
// their order: bit-identical from run to run, no atomics on floats. Each element is read once (softmax: three times, all but the first from a cache): bytes are the limit. What a work-item takes stands at each kernel. For drivers that
// run work-items on a processor, LaneSumKernels, LaneRowKernels, LaneShortRowKernels and LaneSoftmaxKernels do the same.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

/// <summary>Labels that a loss reads: which one is ignored, if any.</summary>
internal readonly record struct IgnoredLabel(int HasIgnored, int Ignored)
{
    public static IgnoredLabel Of(int? ignore) => new(ignore is null ? 0 : 1, ignore ?? 0);

    public bool Counts(int label) => HasIgnored == 0 || label != Ignored;
}

internal readonly record struct SumArguments(int Length, int Inner, int Pieces, int RowsOfPiece);

internal readonly record struct PartsArguments(long Count, int Parts, int Columns, int HasBias, int HasAddend, int HasRelu);

internal readonly record struct AxisArguments(int Length, int Inner, long Rows);

internal static class ReductionKernels
{
    // A wave of 32 reads 128 neighbouring bytes; eight of them hide each other's loads.
    public const int Lanes = 32;
    private const int Rows = 8;

    // Of a contiguous piece: as many work-items, all along it.
    private const int RowItems = Lanes * Rows;

    // partial[o, piece, i] = Σ of the piece's terms. 32 neighbouring columns and 8 rows a group. Grid: X columns/32, Y pieces, Z outer.
    [Kernel(Lanes, Rows)]
    [Specialize(typeof(PlainTerm))]
    [Specialize(typeof(SquareTerm))]
    [Specialize(typeof(ProductTerm))]
    [Specialize(typeof(LabelTerm))]
    [Specialize(typeof(CountedTerm))]
    internal static void ColumnSums<TTerm>(
        ArrayView<float> a, ArrayView<float> b, ArrayView<float> mean, ArrayView<int> labels, IgnoredLabel ignored, ArrayView<float> partial, SumArguments sum)
        where TTerm : struct, IColumnTerm
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(Lanes * Rows);
        int lane = Group.IdxX;
        int y = Group.IdxY;
        int column = (Grid.IdxX * Lanes) + lane;
        int piece = Grid.IdxY;
        int outer = Grid.IdxZ;
        int end = Math.Min((piece + 1) * sum.RowsOfPiece, sum.Length);
        float own = 0;
        if (column < sum.Inner)
        {
            for (int row = (piece * sum.RowsOfPiece) + y; row < end; row += Rows)
            {
                long at = ((((long)outer * sum.Length) + row) * sum.Inner) + column;
                own += TTerm.Value(a, b, mean, labels, ignored, at, row, column);
            }
        }
        sums[(y * Lanes) + lane] = own;
        Group.Barrier();
        for (int half = Rows / 2; half > 0; half /= 2)
        {
            if (y < half)
                sums[(y * Lanes) + lane] += sums[((y + half) * Lanes) + lane];
            Group.Barrier();
        }
        if (y == 0 && column < sum.Inner)
            partial[((((long)outer * sum.Pieces) + piece) * sum.Inner) + column] = sums[lane];
    }

    // partial[o, piece] = Σ of a contiguous piece of a row. Grid: X outer, Y pieces.
    [Kernel(RowItems)]
    internal static void RowSums(ArrayView<float> x, ArrayView<float> partial, SumArguments sum)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(RowItems);
        int piece = Grid.IdxY;
        long row = (long)Grid.IdxX * sum.Length;
        int end = Math.Min((piece + 1) * sum.RowsOfPiece, sum.Length);
        float own = 0;
        for (int i = (piece * sum.RowsOfPiece) + Group.IdxX; i < end; i += RowItems)
            own += x[row + i];
        float total = GroupSum(sums, own);
        if (Group.IdxX == 0)
            partial[((long)Grid.IdxX * sum.Pieces) + piece] = total;
    }

    // y[o, i] = scale · Σ over pieces of partial[o, piece, i]; of short rows x[o, l] the columns are the pieces.
    [Kernel(DeviceIndex.Group)]
    internal static void SumPieces(ArrayView<float> partial, ArrayView<float> y, int pieces, int inner, float scale, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        long at = (i / inner * pieces * inner) + (i % inner);
        float sum = 0;
        for (int piece = 0; piece < pieces; piece++)
            sum += partial[at + ((long)piece * inner)];
        y[i] = scale * sum;
    }

    // y = epilogue(Σ over parts of partial[part]): the end of a product whose depth was cut.
    [Kernel(DeviceIndex.Group)]
    internal static void SumParts(ArrayView<float> partial, ArrayView<float> bias, ArrayView<float> addend, ArrayView<float> y, PartsArguments parts)
    {
        long i = DeviceIndex.Element();
        if (i >= parts.Count)
            return;
        float sum = 0;
        for (int part = 0; part < parts.Parts; part++)
            sum += partial[(part * parts.Count) + i];
        if (parts.HasBias != 0)
            sum += bias[i % parts.Columns];
        if (parts.HasAddend != 0)
            sum += addend[i];
        if (parts.HasRelu != 0)
            sum = sum < 0 ? 0 : sum;
        y[i] = sum;
    }

    [Kernel(DeviceIndex.Group)]
    internal static void Spread(ArrayView<float> x, ArrayView<float> y, int length, int inner, float scale, long count)
    {
        long i = DeviceIndex.Element();
        if (i >= count)
            return;
        y[i] = scale * x[(i / inner / length * inner) + (i % inner)];
    }

    // One work-item a row, for few classes or classes that lie apart; long contiguous rows go to RowSoftmaxKernels.
    [Kernel(DeviceIndex.Group)]
    [Specialize(typeof(SoftmaxForm))]
    [Specialize(typeof(LogSoftmaxForm))]
    internal static void Softmax<TForm>(ArrayView<float> x, ArrayView<float> y, AxisArguments axis)
        where TForm : struct, ISoftmaxForm
    {
        long row = DeviceIndex.Element();
        if (row >= axis.Rows)
            return;
        long start = (row / axis.Inner * axis.Length * axis.Inner) + (row % axis.Inner);
        float largest = float.NegativeInfinity;
        for (int l = 0; l < axis.Length; l++)
        {
            float value = x[start + ((long)l * axis.Inner)];
            largest = value > largest ? value : largest;
        }
        float sum = 0;
        for (int l = 0; l < axis.Length; l++)
            sum += MathF.Exp(x[start + ((long)l * axis.Inner)] - largest);
        for (int l = 0; l < axis.Length; l++)
            y[start + ((long)l * axis.Inner)] = TForm.Value(x[start + ((long)l * axis.Inner)] - largest, sum);
    }

    [Kernel(DeviceIndex.Group)]
    [Specialize(typeof(SoftmaxForm))]
    [Specialize(typeof(LogSoftmaxForm))]
    internal static void SoftmaxBackward<TForm>(ArrayView<float> y, ArrayView<float> gy, ArrayView<float> gx, AxisArguments axis)
        where TForm : struct, ISoftmaxForm
    {
        long row = DeviceIndex.Element();
        if (row >= axis.Rows)
            return;
        long start = (row / axis.Inner * axis.Length * axis.Inner) + (row % axis.Inner);
        float sum = 0;
        for (int l = 0; l < axis.Length; l++)
            sum += TForm.Weight(y[start + ((long)l * axis.Inner)], gy[start + ((long)l * axis.Inner)]);
        for (int l = 0; l < axis.Length; l++)
        {
            long at = start + ((long)l * axis.Inner);
            gx[at] = TForm.Gradient(y[at], gy[at], sum);
        }
    }

    // partial[group] = Σ x·y over the group's elements; each work-item compensates its own sum (Neumaier), so that only the short tree rounds.
    [Kernel(RowItems)]
    internal static void Dot(ArrayView<float> x, ArrayView<float> y, ArrayView<float> partial, long count)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(RowItems);
        float sum = 0;
        float lost = 0;
        for (long i = ((long)Grid.IdxX * RowItems) + Group.IdxX; i < count; i += (long)Grid.DimX * RowItems)
        {
            float value = x[i] * y[i];
            float next = sum + value;
            lost += MathF.Abs(sum) >= MathF.Abs(value) ? sum - next + value : value - next + sum;
            sum = next;
        }
        float total = GroupSum(sums, sum);
        float rest = GroupSum(sums, lost);
        if (Group.IdxX == 0)
        {
            partial[Grid.IdxX * 2] = total;
            partial[(Grid.IdxX * 2) + 1] = rest;
        }
    }

    // partial[group] = how many of the group's work-items found a NaN or an infinity.
    [Kernel(RowItems)]
    internal static void FindNotFinite(ArrayView<float> x, ArrayView<float> partial, long count)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(RowItems);
        float found = 0;
        for (long i = ((long)Grid.IdxX * RowItems) + Group.IdxX; i < count; i += (long)Grid.DimX * RowItems)
            found = float.IsFinite(x[i]) ? found : 1;
        float total = GroupSum(sums, found);
        if (Group.IdxX == 0)
            partial[Grid.IdxX] = total;
    }

    // The first of equal ones; NaN counts as the largest.
    [Kernel(DeviceIndex.Group)]
    internal static void ArgMax(ArrayView<float> x, ArrayView<int> places, int length, long rows)
    {
        long row = DeviceIndex.Element();
        if (row >= rows)
            return;
        float best = x[row * length];
        int place = 0;
        for (int l = 1; l < length; l++)
        {
            float value = x[(row * length) + l];
            bool larger = value > best || (float.IsNaN(value) && !float.IsNaN(best));
            best = larger ? value : best;
            place = larger ? l : place;
        }
        places[row] = place;
    }

    // A tree over the group: the same order of additions whatever the order of the work-items.
    private static float GroupSum(ArrayView<float> sums, float own)
    {
        sums[Group.IdxX] = own;
        Group.Barrier();
        for (int half = RowItems / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
                sums[Group.IdxX] += sums[Group.IdxX + half];
            Group.Barrier();
        }
        float total = sums[0];
        // The next call writes here again.
        Group.Barrier();
        return total;
    }
}
