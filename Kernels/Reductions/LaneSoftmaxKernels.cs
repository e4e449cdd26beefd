// Softmax, its logarithm and their gradients over contiguous rows [rows, length] for a driver that runs work-items on a processor: sixteen classes in a vector register. A group is one work-item and takes a few rows, one after the other: the second and
// third pass over a row read it from the first-level cache. One exponential a value: what the sum needs is kept in y until the sum is known. Sixteen running sums, added in their order, then the classes that sixteen does not divide: bit-identical
// from run to run. Largest values, shifts and forms as in ReductionKernels.Softmax. Rows of fewer classes: LaneShortRowKernels. x is read and y written once: bytes are the limit. Grid: X rows/8.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal static class LaneSoftmaxKernels
{
    // A row of a segmentation has a few dozen classes: less work than starting a group.
    private const int Rows = 8;

    /// <summary>On the host: the grid for so many rows.</summary>
    public static Index3D GridFor(long rows) => new(checked((int)((rows + Rows - 1) / Rows)), 1, 1);

    [Kernel(1)]
    [Specialize(typeof(SoftmaxForm))]
    [Specialize(typeof(LogSoftmaxForm))]
    internal static void Forward<TForm>(ArrayView<float> x, ArrayView<float> y, int length, long rows)
        where TForm : struct, ISoftmaxForm
    {
        ArrayView<float> ends = LocalMemory.Allocate<float>(DeviceLanes.Count);
        int whole = length / DeviceLanes.Count * DeviceLanes.Count;
        for (int i = 0; i < Rows; i++)
        {
            long row = ((long)Grid.IdxX * Rows) + i;
            if (row < rows)
            {
                long start = row * length;
                DeviceLanes most = DeviceLanes.Of(float.NegativeInfinity);
                for (int l = 0; l < whole; l += DeviceLanes.Count)
                    most = DeviceLanes.Larger(most, DeviceLanes.Load(x, start + l));
                DeviceLanes.Store(ends, 0, most);
                float top = float.NegativeInfinity;
                for (int l = 0; l < DeviceLanes.Count; l++)
                    top = ends[l] > top ? ends[l] : top;
                for (int l = whole; l < length; l++)
                    top = x[start + l] > top ? x[start + l] : top;

                DeviceLanes sums = DeviceLanes.Of(0);
                for (int l = 0; l < whole; l += DeviceLanes.Count)
                {
                    DeviceLanes shifted = DeviceLanes.Subtract(DeviceLanes.Load(x, start + l), DeviceLanes.Of(top));
                    DeviceLanes exponential = DeviceLanes.Exp(shifted);
                    sums = DeviceLanes.Add(sums, exponential);
                    DeviceLanes.Store(y, start + l, TForm.Keep(shifted, exponential));
                }
                float sum = Sum(ends, sums);
                for (int l = whole; l < length; l++)
                    sum += MathF.Exp(x[start + l] - top);

                DeviceLanes scale = TForm.Scale(DeviceLanes.Of(sum));
                for (int l = 0; l < whole; l += DeviceLanes.Count)
                    DeviceLanes.Store(y, start + l, TForm.Finish(DeviceLanes.Load(y, start + l), scale));
                for (int l = whole; l < length; l++)
                    y[start + l] = TForm.Value(x[start + l] - top, sum);
            }
        }
    }

    [Kernel(1)]
    [Specialize(typeof(SoftmaxForm))]
    [Specialize(typeof(LogSoftmaxForm))]
    internal static void Backward<TForm>(ArrayView<float> y, ArrayView<float> gy, ArrayView<float> gx, int length, long rows)
        where TForm : struct, ISoftmaxForm
    {
        ArrayView<float> ends = LocalMemory.Allocate<float>(DeviceLanes.Count);
        int whole = length / DeviceLanes.Count * DeviceLanes.Count;
        for (int i = 0; i < Rows; i++)
        {
            long row = ((long)Grid.IdxX * Rows) + i;
            if (row < rows)
            {
                long start = row * length;
                DeviceLanes sums = DeviceLanes.Of(0);
                for (int l = 0; l < whole; l += DeviceLanes.Count)
                    sums = DeviceLanes.Add(sums, TForm.Weights(DeviceLanes.Load(y, start + l), DeviceLanes.Load(gy, start + l)));
                float sum = Sum(ends, sums);
                for (int l = whole; l < length; l++)
                    sum += TForm.Weight(y[start + l], gy[start + l]);
                for (int l = 0; l < whole; l += DeviceLanes.Count)
                    DeviceLanes.Store(gx, start + l, TForm.Gradients(DeviceLanes.Load(y, start + l), DeviceLanes.Load(gy, start + l), sum));
                for (int l = whole; l < length; l++)
                    gx[start + l] = TForm.Gradient(y[start + l], gy[start + l], sum);
            }
        }
    }

    // In the order of the lanes.
    private static float Sum(ArrayView<float> ends, DeviceLanes sums)
    {
        DeviceLanes.Store(ends, 0, sums);
        float sum = 0;
        for (int l = 0; l < DeviceLanes.Count; l++)
            sum += ends[l];
        return sum;
    }
}
