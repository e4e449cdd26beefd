// Matrix products, convolution and both its gradients for a driver that runs work-items on a processor: result[row, column] = Σ over k of A[row, k] · B[k, column].
// A group is one work-item: it takes Rows rows and 16 · Vectors columns, keeps their sums in vector registers, and for each k reads one piece of B and broadcasts one element of each row. There is no shared memory, which a
// processor would only copy through its cache, and no barrier, around which a driver has to save every work-item's registers. A is read in place. B is packed before: panels of one tile's columns, [panel][k][column], so that a
// panel is one stream; or read in place where few rows would not pay for packing. Sums run in ascending k: bit-identical from run to run.
// 2·rows·columns·depth operations; A is read columns/(16·Vectors) times, B rows/Rows times, out of the caches.
// Grid: X rows/Rows, Y panels of columns, Z groups of channels; neighbours along X share a panel.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

/// <summary>
/// The extents of a product by rows: k is Stretches · Length long; A's elements lie Step apart in a stretch; B[k, column] of a panel at panel·PanelStep + k·BStep + column, of a group GroupOfB on; result rows lie Pitch apart,
/// groups GroupOfResult.
/// </summary>
internal readonly record struct RowSize(
    int Rows, int Columns, int Stretches, int Length, long Step, long BStep, long PanelStep, long GroupOfB, long Pitch, long GroupOfResult, int HasBias, int HasAddend, int HasRelu);

/// <summary>What Pack makes of B: so many panels of Width columns, Depth steps of k each.</summary>
internal readonly record struct PackSize(int Columns, int Depth, int Panels, int Width);

/// <summary>How much one work-item computes: constants, so that its sums are registers.</summary>
internal interface IRowTile
{
    static abstract int Rows { get; }

    static abstract int Vectors { get; }
}

/// <summary>6 rows × 16 columns: 6 sums; for few columns.</summary>
internal readonly struct SixByOne : IRowTile
{
    public static int Rows => 6;

    public static int Vectors => 1;
}

/// <summary>6 × 32: 12 sums of 512 bits or 24 of 256, as many as hide the latency of a multiplication.</summary>
internal readonly struct SixByTwo : IRowTile
{
    public static int Rows => 6;

    public static int Vectors => 2;
}

/// <summary>6 × 64: 24 sums of 512 bits, the most that 32 registers hold beside a piece of B.</summary>
internal readonly struct SixByFour : IRowTile
{
    public static int Rows => 6;

    public static int Vectors => 4;
}

internal static class RowProductKernels
{
    // The narrowest panel.
    public const int PackSide = 16;

    [Kernel(1)]
    [Specialize(typeof(StoredRows), typeof(SixByOne))]
    [Specialize(typeof(StoredRows), typeof(SixByTwo))]
    [Specialize(typeof(StoredRows), typeof(SixByFour))]
    [Specialize(typeof(ForwardRows), typeof(SixByOne))]
    [Specialize(typeof(ForwardRows), typeof(SixByTwo))]
    [Specialize(typeof(ForwardRows), typeof(SixByFour))]
    [Specialize(typeof(InputGradientRows), typeof(SixByOne))]
    [Specialize(typeof(InputGradientRows), typeof(SixByTwo))]
    [Specialize(typeof(InputGradientRows), typeof(SixByFour))]
    [Specialize(typeof(FilterGradientRows), typeof(SixByOne))]
    [Specialize(typeof(FilterGradientRows), typeof(SixByTwo))]
    [Specialize(typeof(FilterGradientRows), typeof(SixByFour))]
    internal static void Multiply<TProblem, TTile>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> addend, ArrayView<float> y, TProblem problem, RowSize size)
        where TProblem : struct, IRowProblem
        where TTile : struct, IRowTile
    {
        ArrayView<DeviceLanes> sums = LocalMemory.Allocate<DeviceLanes>(TTile.Rows * TTile.Vectors);
        ArrayView<DeviceLanes> right = LocalMemory.Allocate<DeviceLanes>(TTile.Vectors);
        ArrayView<Place> places = LocalMemory.Allocate<Place>(TTile.Rows);
        ArrayView<Stretch> rows = LocalMemory.Allocate<Stretch>(TTile.Rows);
        ArrayView<float> ends = LocalMemory.Allocate<float>(DeviceLanes.Count);
        int row0 = Grid.IdxX * TTile.Rows;
        int column0 = Grid.IdxY * TTile.Vectors * DeviceLanes.Count;
        int group = Grid.IdxZ;
        long panel = (Grid.IdxY * size.PanelStep) + (group * size.GroupOfB);
        for (int i = Unroll.From(0); i < TTile.Rows * TTile.Vectors; i++)
            sums[i] = DeviceLanes.Of(0);
        // Rows behind the last are computed as copies of it and not stored.
        for (int i = Unroll.From(0); i < TTile.Rows; i++)
            places[i] = problem.Row(Math.Min(row0 + i, size.Rows - 1), group);

        for (int stretch = 0; stretch < size.Stretches; stretch++)
        {
            int most = 0;
            int least = size.Length;
            for (int i = Unroll.From(0); i < TTile.Rows; i++)
            {
                rows[i] = problem.Begin(places[i], stretch);
                most = Math.Max(most, rows[i].Count);
                least = Math.Min(least, rows[i].Count);
            }
            long from = panel + (stretch * size.Length * size.BStep);
            if (most > 0 && least == size.Length)
            {
                for (int t = 0; t < size.Length; t++)
                {
                    for (int j = Unroll.From(0); j < TTile.Vectors; j++)
                        right[j] = DeviceLanes.Load(b, from + (t * size.BStep) + (j * DeviceLanes.Count));
                    for (int i = Unroll.From(0); i < TTile.Rows; i++)
                    {
                        float left = a[rows[i].At + (t * size.Step)];
                        for (int j = Unroll.From(0); j < TTile.Vectors; j++)
                            sums[(i * TTile.Vectors) + j] = DeviceLanes.MultiplyAdd(sums[(i * TTile.Vectors) + j], left, right[j]);
                    }
                }
            }
            else if (most > 0)
            {
                // Some rows leave the image here: what lies outside is read from a place that exists, and counts as 0.
                for (int t = 0; t < size.Length; t++)
                {
                    for (int j = Unroll.From(0); j < TTile.Vectors; j++)
                        right[j] = DeviceLanes.Load(b, from + (t * size.BStep) + (j * DeviceLanes.Count));
                    for (int i = Unroll.From(0); i < TTile.Rows; i++)
                    {
                        bool inside = t >= rows[i].First && t < rows[i].First + rows[i].Count;
                        float value = a[inside ? rows[i].At + (t * size.Step) : 0];
                        float left = inside ? value : 0;
                        for (int j = Unroll.From(0); j < TTile.Vectors; j++)
                            sums[(i * TTile.Vectors) + j] = DeviceLanes.MultiplyAdd(sums[(i * TTile.Vectors) + j], left, right[j]);
                    }
                }
            }
        }

        for (int i = Unroll.From(0); i < TTile.Rows; i++)
        {
            long at = ((long)(row0 + i) * size.Pitch) + (group * size.GroupOfResult);
            for (int j = Unroll.From(0); j < TTile.Vectors; j++)
                Store(bias, addend, y, ends, row0 + i, column0 + (j * DeviceLanes.Count), at, sums[(i * TTile.Vectors) + j], group, size);
        }
    }

    /// <summary>B as the other kernel reads it: packed[group, panel, k, column of the panel], 0 behind the last column. A group of 16 × 16 work-items copies 16 steps of k.</summary>
    [Kernel(PackSide, PackSide)]
    [Specialize(typeof(PlainProduct))]
    [Specialize(typeof(LeftTransposedProduct))]
    [Specialize(typeof(RightTransposedProduct))]
    [Specialize(typeof(BothTransposedProduct))]
    [Specialize(typeof(ForwardProblem))]
    [Specialize(typeof(InputGradientProblem))]
    [Specialize(typeof(FilterGradientProblem))]
    internal static void Pack<TProblem>(ArrayView<float> b, ArrayView<float> packed, TProblem problem, PackSize size)
        where TProblem : struct, IProductProblem
    {
        int k = (Grid.IdxX * PackSide) + Group.IdxY;
        int panel = Grid.IdxY;
        int group = Grid.IdxZ;
        if (k >= size.Depth)
            return;
        long to = ((((long)group * size.Panels) + panel) * size.Depth + k) * size.Width;
        Place step = problem.StepInB(k, group);
        for (int column = Group.IdxX; column < size.Width; column += PackSide)
        {
            int source = (panel * size.Width) + column;
            packed[to + column] = source < size.Columns ? problem.B(b, step, problem.Column(source, group)) : 0;
        }
    }

    private static void Store(
        ArrayView<float> bias, ArrayView<float> addend, ArrayView<float> y, ArrayView<float> ends, int row, int column, long rowAt, DeviceLanes sum, int group, RowSize size)
    {
        if (row >= size.Rows)
            return;
        long at = rowAt + column;
        int biasAt = (group * size.Columns) + column;
        if (column + DeviceLanes.Count <= size.Columns)
        {
            DeviceLanes value = sum;
            if (size.HasBias != 0)
                value = DeviceLanes.Add(value, DeviceLanes.Load(bias, biasAt));
            if (size.HasAddend != 0)
                value = DeviceLanes.Add(value, DeviceLanes.Load(addend, at));
            if (size.HasRelu != 0)
                value = DeviceLanes.Rectify(value);
            DeviceLanes.Store(y, at, value);
            return;
        }
        // The last columns, one by one.
        DeviceLanes.Store(ends, 0, sum);
        for (int i = 0; i < size.Columns - column; i++)
        {
            float value = ends[i];
            if (size.HasBias != 0)
                value += bias[biasAt + i];
            if (size.HasAddend != 0)
                value += addend[at + i];
            if (size.HasRelu != 0)
                value = value < 0 ? 0 : value;
            y[at + i] = value;
        }
    }
}
