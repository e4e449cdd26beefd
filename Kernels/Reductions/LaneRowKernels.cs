// Sums and largest values along contiguous rows [rows, length], sixteen columns or more, for a driver that runs work-items on a processor: sixteen columns in a vector register. A group is one work-item and takes a few rows, one after the other.
// A sum has four vectors of running sums (additions do not wait for each other), joined as a tree, then lane by lane, then the columns that sixteen does not divide: an order that the length decides, bit-identical from run to run. The largest value
// is looked for in each lane, the first of equal ones and NaN before all, then among the lanes. Each element is read once: bytes are the limit. Grid: X rows/8, of sums Y pieces of a row.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal static class LaneRowKernels
{
    /// <summary>Places are counted in floats, which hold integers up to here.</summary>
    public const int MostPlaces = 1 << 24;

    // A row of a few dozen columns is less work than starting a group.
    private const int Rows = 8;
    private const int Parts = 4;

    /// <summary>On the host: the grid for so many rows, in so many pieces each.</summary>
    public static Index3D GridFor(long rows, int pieces) => new(checked((int)((rows + Rows - 1) / Rows)), pieces, 1);

    // partial[row, piece] = Σ of a piece of the row.
    [Kernel(1)]
    internal static void Sums(ArrayView<float> x, ArrayView<float> partial, SumArguments sum, long rows)
    {
        ArrayView<DeviceLanes> sums = LocalMemory.Allocate<DeviceLanes>(Parts);
        ArrayView<float> ends = LocalMemory.Allocate<float>(DeviceLanes.Count);
        int first = Grid.IdxY * sum.RowsOfPiece;
        int end = Math.Min(first + sum.RowsOfPiece, sum.Length);
        for (int i = 0; i < Rows; i++)
        {
            long row = ((long)Grid.IdxX * Rows) + i;
            if (row < rows)
            {
                long start = row * sum.Length;
                for (int part = Unroll.From(0); part < Parts; part++)
                    sums[part] = DeviceLanes.Of(0);
                int l = first;
                for (; l + (Parts * DeviceLanes.Count) <= end; l += Parts * DeviceLanes.Count)
                {
                    for (int part = Unroll.From(0); part < Parts; part++)
                        sums[part] = DeviceLanes.Add(sums[part], DeviceLanes.Load(x, start + l + (part * DeviceLanes.Count)));
                }
                for (; l + DeviceLanes.Count <= end; l += DeviceLanes.Count)
                    sums[0] = DeviceLanes.Add(sums[0], DeviceLanes.Load(x, start + l));
                DeviceLanes.Store(ends, 0, DeviceLanes.Add(DeviceLanes.Add(sums[0], sums[1]), DeviceLanes.Add(sums[2], sums[3])));
                float total = 0;
                for (int lane = 0; lane < DeviceLanes.Count; lane++)
                    total += ends[lane];
                for (; l < end; l++)
                    total += x[start + l];
                partial[(row * sum.Pieces) + Grid.IdxY] = total;
            }
        }
    }

    [Kernel(1)]
    internal static void ArgMax(ArrayView<float> x, ArrayView<int> places, int length, long rows)
    {
        ArrayView<float> values = LocalMemory.Allocate<float>(DeviceLanes.Count);
        ArrayView<float> blocks = LocalMemory.Allocate<float>(DeviceLanes.Count);
        int whole = length / DeviceLanes.Count * DeviceLanes.Count;
        for (int i = 0; i < Rows; i++)
        {
            long row = ((long)Grid.IdxX * Rows) + i;
            if (row < rows)
            {
                long start = row * length;
                DeviceLanes largest = DeviceLanes.Load(x, start);
                // Where the lane's sixteen columns begin.
                DeviceLanes block = DeviceLanes.Of(0);
                for (int l = DeviceLanes.Count; l < whole; l += DeviceLanes.Count)
                {
                    DeviceLanes value = DeviceLanes.Load(x, start + l);
                    block = DeviceLanes.BestPlace(largest, value, block, l);
                    largest = DeviceLanes.Best(largest, value);
                }
                DeviceLanes.Store(values, 0, largest);
                DeviceLanes.Store(blocks, 0, block);
                float best = values[0];
                int place = (int)blocks[0];
                for (int lane = 1; lane < DeviceLanes.Count; lane++)
                {
                    float value = values[lane];
                    int mine = (int)blocks[lane] + lane;
                    bool equal = value == best || (float.IsNaN(value) && float.IsNaN(best));
                    bool larger = value > best || (float.IsNaN(value) && !float.IsNaN(best)) || (equal && mine < place);
                    best = larger ? value : best;
                    place = larger ? mine : place;
                }
                for (int l = whole; l < length; l++)
                {
                    float value = x[start + l];
                    bool larger = value > best || (float.IsNaN(value) && !float.IsNaN(best));
                    best = larger ? value : best;
                    place = larger ? l : place;
                }
                places[row] = place;
            }
        }
    }
}
