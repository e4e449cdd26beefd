// Softmax, its logarithm and largest values along contiguous rows [rows, length] of fewer than sixteen columns, as a segmentation's classes are, for a driver that runs work-items on a processor: sixteen rows in a vector register.
// A group is one work-item; it turns sixteen rows at a time into columns in private memory, computes on these, one exponential a vector, and turns the result back. Each row's sum is made in the order of its columns, as ReductionKernels makes it.
// Turning costs more than it saves for softmax's gradient, which has no exponential: gradients stay with ReductionKernels.
// Lanes beyond the last row compute on what lies there and are not written. Each array is read or written once: bytes, and the turning, are the limit. Grid: X rows/128.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal static class LaneShortRowKernels
{
    /// <summary>Longer rows fill vectors by themselves.</summary>
    public const int MostLength = DeviceLanes.Count - 1;

    // Sixteen rows of three columns are less work than starting a group.
    private const int Blocks = 8;

    /// <summary>On the host: the grid for so many rows.</summary>
    public static Index3D GridFor(long rows) => new(checked((int)((rows + (Blocks * DeviceLanes.Count) - 1) / (Blocks * DeviceLanes.Count))), 1, 1);

    [Kernel(1)]
    [Specialize(typeof(SoftmaxForm))]
    [Specialize(typeof(LogSoftmaxForm))]
    internal static void Forward<TForm>(ArrayView<float> x, ArrayView<float> y, int length, long rows)
        where TForm : struct, ISoftmaxForm
    {
        ArrayView<float> columns = LocalMemory.Allocate<float>(MostLength * DeviceLanes.Count);
        Clear(columns);
        for (int block = 0; block < Blocks; block++)
        {
            long row = FirstRow(block);
            int some = RowsFrom(row, rows);
            if (some > 0)
            {
                Gather(x, row * length, columns, some, length);
                DeviceLanes top = DeviceLanes.Of(float.NegativeInfinity);
                for (int l = 0; l < length; l++)
                    top = DeviceLanes.Larger(top, DeviceLanes.Load(columns, l * DeviceLanes.Count));
                DeviceLanes sums = DeviceLanes.Of(0);
                for (int l = 0; l < length; l++)
                {
                    DeviceLanes shifted = DeviceLanes.Subtract(DeviceLanes.Load(columns, l * DeviceLanes.Count), top);
                    DeviceLanes exponential = DeviceLanes.Exp(shifted);
                    sums = DeviceLanes.Add(sums, exponential);
                    DeviceLanes.Store(columns, l * DeviceLanes.Count, TForm.Keep(shifted, exponential));
                }
                DeviceLanes scale = TForm.Scale(sums);
                for (int l = 0; l < length; l++)
                    DeviceLanes.Store(columns, l * DeviceLanes.Count, TForm.Finish(DeviceLanes.Load(columns, l * DeviceLanes.Count), scale));
                Scatter(columns, y, row * length, some, length);
            }
        }
    }

    // The first of equal ones; NaN counts as the largest. A row has a column.
    [Kernel(1)]
    internal static void ArgMax(ArrayView<float> x, ArrayView<int> places, int length, long rows)
    {
        ArrayView<float> columns = LocalMemory.Allocate<float>(MostLength * DeviceLanes.Count);
        Clear(columns);
        for (int block = 0; block < Blocks; block++)
        {
            long row = FirstRow(block);
            int some = RowsFrom(row, rows);
            if (some > 0)
            {
                Gather(x, row * length, columns, some, length);
                DeviceLanes largest = DeviceLanes.Load(columns, 0);
                DeviceLanes place = DeviceLanes.Of(0);
                for (int l = 1; l < length; l++)
                {
                    DeviceLanes value = DeviceLanes.Load(columns, l * DeviceLanes.Count);
                    place = DeviceLanes.BestPlace(largest, value, place, l);
                    largest = DeviceLanes.Best(largest, value);
                }
                DeviceLanes.Store(columns, 0, place);
                for (int lane = 0; lane < some; lane++)
                    places[row + lane] = (int)columns[lane];
            }
        }
    }

    private static long FirstRow(int block) => (((long)Grid.IdxX * Blocks) + block) * DeviceLanes.Count;

    private static int RowsFrom(long row, long rows) => rows - row < DeviceLanes.Count ? (int)(rows - row) : DeviceLanes.Count;

    // So that no lane computes on what nobody wrote.
    private static void Clear(ArrayView<float> columns)
    {
        for (int i = 0; i < MostLength * DeviceLanes.Count; i++)
            columns[i] = 0;
    }

    private static void Gather(ArrayView<float> x, long start, ArrayView<float> columns, int some, int length)
    {
        for (int lane = 0; lane < some; lane++)
        {
            for (int l = 0; l < length; l++)
                columns[(l * DeviceLanes.Count) + lane] = x[start + (lane * length) + l];
        }
    }

    private static void Scatter(ArrayView<float> columns, ArrayView<float> y, long start, int some, int length)
    {
        for (int lane = 0; lane < some; lane++)
        {
            for (int l = 0; l < length; l++)
                y[start + (lane * length) + l] = columns[(l * DeviceLanes.Count) + lane];
        }
    }
}
