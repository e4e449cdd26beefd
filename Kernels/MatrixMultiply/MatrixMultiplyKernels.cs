// Matrix products on the device. M, N, K as in y[M,N] = A[M,K] · B[K,N]; A and B are stored as such or transposed, which their layout type says.
// A group of 16 × 16 work-items computes a tile of 64 × 64: shared memory holds 16 steps of K of both operands, work-item (x, y) holds rows y, y+16, … and columns x, x+16, … in
// registers, so that neighbours read and write neighbouring columns. 2·M·N·K operations; each element of A is read N/64 times, of B M/64 times.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

/// <summary>Where element (row, column) of an operand lies.</summary>
internal interface IOperandLayout
{
    static abstract int Index(int row, int column, int rows, int columns);

    /// <summary>1 where consecutive columns are neighbours in memory, else 0.</summary>
    static abstract int ColumnsAreNeighbours { get; }
}

/// <summary>Stored as the product needs it, row by row.</summary>
internal readonly struct AsStored : IOperandLayout
{
    public static int ColumnsAreNeighbours => 1;

    public static int Index(int row, int column, int rows, int columns) => (row * columns) + column;
}

/// <summary>Stored transposed.</summary>
internal readonly struct StoredTransposed : IOperandLayout
{
    public static int ColumnsAreNeighbours => 0;

    public static int Index(int row, int column, int rows, int columns) => (column * rows) + row;
}

/// <summary>Sizes, and what follows the product.</summary>
internal readonly record struct MatrixMultiplyArguments(int M, int N, int K, int HasBias, int HasAddend, int HasRelu);

internal static class MatrixMultiplyKernels
{
    public const int Tile = 64;
    private const int Side = 16;
    private const int Depth = 16;
    private const int PerItem = Tile / Side;

    [Kernel(Side, Side)]
    [Specialize(typeof(AsStored), typeof(AsStored))]
    [Specialize(typeof(AsStored), typeof(StoredTransposed))]
    [Specialize(typeof(StoredTransposed), typeof(AsStored))]
    [Specialize(typeof(StoredTransposed), typeof(StoredTransposed))]
    internal static void Tiled<TA, TB>(ArrayView<float> a, ArrayView<float> b, ArrayView<float> bias, ArrayView<float> addend, ArrayView<float> y, MatrixMultiplyArguments size)
        where TA : struct, IOperandLayout
        where TB : struct, IOperandLayout
    {
        ArrayView<float> tileA = SharedMemory.Allocate<float>(Depth * Tile);
        ArrayView<float> tileB = SharedMemory.Allocate<float>(Depth * Tile);
        ArrayView<float> sums = LocalMemory.Allocate<float>(PerItem * PerItem);
        ArrayView<float> left = LocalMemory.Allocate<float>(PerItem);
        ArrayView<float> right = LocalMemory.Allocate<float>(PerItem);
        int x = Group.IdxX;
        int y0 = Group.IdxY;
        int row0 = Grid.IdxY * Tile;
        int column0 = Grid.IdxX * Tile;
        for (int i = Unroll.From(0); i < PerItem * PerItem; i++)
            sums[i] = 0;

        for (int k0 = 0; k0 < size.K; k0 += Depth)
        {
            Load<TA>(a, tileA, row0, k0, size.M, size.K);
            LoadB<TB>(b, tileB, k0, column0, size.K, size.N);
            Group.Barrier();
            for (int k = 0; k < Depth; k++)
            {
                for (int i = Unroll.From(0); i < PerItem; i++)
                {
                    left[i] = tileA[(k * Tile) + y0 + (i * Side)];
                    right[i] = tileB[(k * Tile) + x + (i * Side)];
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
            {
                int row = row0 + y0 + (i * Side);
                int column = column0 + x + (j * Side);
                if (row < size.M && column < size.N)
                {
                    int at = (row * size.N) + column;
                    float value = sums[(i * PerItem) + j];
                    if (size.HasBias != 0)
                        value += bias[column];
                    if (size.HasAddend != 0)
                        value += addend[at];
                    if (size.HasRelu != 0)
                        value = value < 0 ? 0 : value;
                    y[at] = value;
                }
            }
        }
    }

    // tile[k, row] = A[row0 + row, k0 + k], zero outside.
    private static void Load<TA>(ArrayView<float> a, ArrayView<float> tile, int row0, int k0, int rows, int depth)
        where TA : struct, IOperandLayout
    {
        for (int i = Group.LinearIndex; i < Depth * Tile; i += Side * Side)
        {
            int k = TA.ColumnsAreNeighbours != 0 ? i % Depth : i / Tile;
            int row = TA.ColumnsAreNeighbours != 0 ? i / Depth : i % Tile;
            bool inside = row0 + row < rows && k0 + k < depth;
            tile[(k * Tile) + row] = inside ? a[TA.Index(row0 + row, k0 + k, rows, depth)] : 0;
        }
    }

    // tile[k, column] = B[k0 + k, column0 + column], zero outside.
    private static void LoadB<TB>(ArrayView<float> b, ArrayView<float> tile, int k0, int column0, int depth, int columns)
        where TB : struct, IOperandLayout
    {
        for (int i = Group.LinearIndex; i < Depth * Tile; i += Side * Side)
        {
            int k = TB.ColumnsAreNeighbours != 0 ? i / Tile : i % Depth;
            int column = TB.ColumnsAreNeighbours != 0 ? i % Tile : i / Depth;
            bool inside = k0 + k < depth && column0 + column < columns;
            tile[(k * Tile) + column] = inside ? b[TB.Index(k0 + k, column0 + column, depth, columns)] : 0;
        }
    }
}
