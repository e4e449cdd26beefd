// The one tiled product behind matrix products, convolution and both its gradients: result[row, column] = Σ over k of A[row, k] · B[k, column], where A and B are read through a problem that
// knows where their elements lie (implicit GEMM: no patch of x is ever written out).
// A group of 16 × 16 work-items computes a tile of 64 × 64: shared memory holds 16 steps of k of both sides, work-item (x, y) holds rows y, y+16, … and columns x, x+16, … in registers, so that
// neighbours read and write neighbouring columns. 2·rows·columns·depth operations; each element of A is read columns/64 times, of B rows/64 times. Sums run in ascending k: bit-identical from run to run.
// Grid: X columns/64, Y rows/64, Z group of channels + groups · part of the depth.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

/// <summary>Where something lies: an offset in memory, and coordinates in the image that decide whether it is inside.</summary>
internal readonly record struct Place(long At, int Y, int X)
{
    /// <summary>A coordinate that is outside of every image, and stays so when another is added.</summary>
    public const int Outside = -(1 << 29);
}

/// <summary>The extents of a product, and what follows it. Rows of the result lie Pitch apart, groups GroupOfResult, parts ResultOfPart.</summary>
internal readonly record struct ProductSize(int Rows, int Columns, int Depth, int Groups, int DepthOfPart, long Pitch, long GroupOfResult, long ResultOfPart, int HasBias, int HasAddend, int HasRelu);

/// <summary>Where the elements of A and B lie. Decoding an index takes divisions: rows are decoded once, steps once a tile.</summary>
internal interface IProductProblem
{
    /// <summary>Whether consecutive k are neighbours in A (else consecutive rows are): the order in which a tile is loaded.</summary>
    static abstract int StepsAreNeighboursInA { get; }

    /// <summary>Whether consecutive k are neighbours in B (else consecutive columns are).</summary>
    static abstract int StepsAreNeighboursInB { get; }

    Place Row(int row, int group);

    Place StepInA(int k, int group);

    float A(ArrayView<float> a, Place row, Place step);

    Place StepInB(int k, int group);

    Place Column(int column, int group);

    float B(ArrayView<float> b, Place step, Place column);
}

internal static class ProductKernels
{
    public const int Tile = 64;
    public const int Depth = 16;
    private const int Side = 16;
    private const int PerItem = Tile / Side;

    [Kernel(Side, Side)]
    [Specialize(typeof(PlainProduct))]
    [Specialize(typeof(LeftTransposedProduct))]
    [Specialize(typeof(RightTransposedProduct))]
    [Specialize(typeof(BothTransposedProduct))]
    [Specialize(typeof(BatchedProduct))]
    [Specialize(typeof(ForwardProblem))]
    [Specialize(typeof(InputGradientProblem))]
    [Specialize(typeof(FilterGradientProblem))]
    internal static void Tiled<TProblem>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> addend, ArrayView<float> y, TProblem problem, ProductSize size)
        where TProblem : struct, IProductProblem
    {
        ArrayView<float> tileA = SharedMemory.Allocate<float>(Depth * Tile);
        ArrayView<float> tileB = SharedMemory.Allocate<float>(Depth * Tile);
        ArrayView<float> sums = LocalMemory.Allocate<float>(PerItem * PerItem);
        ArrayView<float> left = LocalMemory.Allocate<float>(PerItem);
        ArrayView<float> right = LocalMemory.Allocate<float>(PerItem);
        int column = Group.IdxX;
        int row = Group.IdxY;
        int row0 = Grid.IdxY * Tile;
        int column0 = Grid.IdxX * Tile;
        int group = Grid.IdxZ % size.Groups;
        int part = Grid.IdxZ / size.Groups;
        int end = (part + 1) * size.DepthOfPart;
        end = end < size.Depth ? end : size.Depth;
        for (int i = Unroll.From(0); i < PerItem * PerItem; i++)
            sums[i] = 0;

        for (int k0 = part * size.DepthOfPart; k0 < end; k0 += Depth)
        {
            LoadA(a, tileA, row0, k0, end, group, problem);
            LoadB(b, tileB, column0, k0, end, size.Columns, group, problem);
            Group.Barrier();
            for (int k = 0; k < Depth; k++)
            {
                for (int i = Unroll.From(0); i < PerItem; i++)
                {
                    left[i] = tileA[(k * Tile) + row + (i * Side)];
                    right[i] = tileB[(k * Tile) + column + (i * Side)];
                }
                for (int i = Unroll.From(0); i < PerItem; i++)
                {
                    for (int j = Unroll.From(0); j < PerItem; j++)
                        sums[(i * PerItem) + j] += left[i] * right[j];
                }
            }
            // The tiles are overwritten next.
            Group.Barrier();
        }

        for (int i = Unroll.From(0); i < PerItem; i++)
        {
            for (int j = Unroll.From(0); j < PerItem; j++)
                Store(bias, addend, y, row0 + row + (i * Side), column0 + column + (j * Side), sums[(i * PerItem) + j], group, part, size);
        }
    }

    // tile[k, row] = A[row0 + row, k0 + k]; zero behind the last step and row.
    private static void LoadA<TProblem>(ArrayView<float> a, ArrayView<float> tile, int row0, int k0, int end, int group, TProblem problem)
        where TProblem : struct, IProductProblem
    {
        int item = Group.LinearIndex;
        if (TProblem.StepsAreNeighboursInA != 0)
        {
            int k = item % Depth;
            Place step = k0 + k < end ? problem.StepInA(k0 + k, group) : new Place(0, Place.Outside, Place.Outside);
            for (int row = item / Depth; row < Tile; row += Side * Side / Depth)
                tile[(k * Tile) + row] = problem.A(a, problem.Row(row0 + row, group), step);
        }
        else
        {
            int row = item % Tile;
            Place place = problem.Row(row0 + row, group);
            for (int k = item / Tile; k < Depth; k += Side * Side / Tile)
            {
                Place step = k0 + k < end ? problem.StepInA(k0 + k, group) : new Place(0, Place.Outside, Place.Outside);
                tile[(k * Tile) + row] = problem.A(a, place, step);
            }
        }
    }

    // tile[k, column] = B[k0 + k, column0 + column]; zero behind the last step and column.
    private static void LoadB<TProblem>(ArrayView<float> b, ArrayView<float> tile, int column0, int k0, int end, int columns, int group, TProblem problem)
        where TProblem : struct, IProductProblem
    {
        for (int i = Group.LinearIndex; i < Depth * Tile; i += Side * Side)
        {
            int k = TProblem.StepsAreNeighboursInB != 0 ? i % Depth : i / Tile;
            int column = TProblem.StepsAreNeighboursInB != 0 ? i / Depth : i % Tile;
            float value = 0;
            if (k0 + k < end && column0 + column < columns)
                value = problem.B(b, problem.StepInB(k0 + k, group), problem.Column(column0 + column, group));
            tile[(k * Tile) + column] = value;
        }
    }

    private static void Store(ArrayView<float> bias, ArrayView<float> addend, ArrayView<float> y, int row, int column, float sum, int group, int part, ProductSize size)
    {
        if (row >= size.Rows || column >= size.Columns)
            return;
        long at = (row * size.Pitch) + (group * size.GroupOfResult) + column + (part * size.ResultOfPart);
        float value = sum;
        if (size.HasBias != 0)
            value += bias[(group * size.Columns) + column];
        if (size.HasAddend != 0)
            value += addend[at];
        if (size.HasRelu != 0)
            value = value < 0 ? 0 : value;
        y[at] = value;
    }
}
