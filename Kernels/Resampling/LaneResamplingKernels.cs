// Changing the size of activations for a driver that runs work-items on a processor: the values of ResamplingKernels, in the same order, for sixteen neighbouring channels at once. A group is one work-item and takes a row of the side that is
// written (LaneSpan); what sixteen does not divide goes channel by channel through ResamplingKernels' own functions. Letters and tables as there: bytes of x and y once are the limit. Grid: X rows of the written side, Y spans of channels.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal static class LaneResamplingKernels
{
    [Kernel(1)]
    internal static void Nearest(ArrayView<float> x, ArrayView<float> y, ResizeSizes sizes)
    {
        int end = LaneSpan.End(sizes.C);
        int p = Grid.IdxX % sizes.P / sizes.ScaleY;
        long row = ((long)(Grid.IdxX / sizes.P) * sizes.H) + p;
        for (int q = 0; q < sizes.Q; q++)
        {
            long from = ((row * sizes.W) + (q / sizes.ScaleX)) * sizes.C;
            long to = (((long)Grid.IdxX * sizes.Q) + q) * sizes.C;
            int c = LaneSpan.First();
            for (; c + DeviceLanes.Count <= end; c += DeviceLanes.Count)
                DeviceLanes.Store(y, to + c, DeviceLanes.Load(x, from + c));
            for (; c < end; c++)
                y[to + c] = x[from + c];
        }
    }

    [Kernel(1)]
    internal static void NearestBackward(ArrayView<float> gy, ArrayView<float> gx, ResizeSizes sizes)
    {
        int end = LaneSpan.End(sizes.C);
        int h = Grid.IdxX % sizes.H;
        long image = Grid.IdxX / sizes.H;
        for (int w = 0; w < sizes.W; w++)
        {
            long to = (((long)Grid.IdxX * sizes.W) + w) * sizes.C;
            int c = LaneSpan.First();
            for (; c + DeviceLanes.Count <= end; c += DeviceLanes.Count)
            {
                DeviceLanes sum = DeviceLanes.Of(0);
                for (int r = 0; r < sizes.ScaleY; r++)
                {
                    for (int s = 0; s < sizes.ScaleX; s++)
                        sum = DeviceLanes.Add(sum, DeviceLanes.Load(gy, (((((image * sizes.P) + (h * sizes.ScaleY) + r) * sizes.Q) + (w * sizes.ScaleX) + s) * sizes.C) + c));
                }
                DeviceLanes.Store(gx, to + c, sum);
            }
            for (; c < end; c++)
                gx[to + c] = ResamplingKernels.NearestGradientOf(gy, image, h, w, c, sizes);
        }
    }

    [Kernel(1)]
    internal static void Bilinear(
        ArrayView<float> x, ArrayView<float> y, ArrayView<int> rows, ArrayView<float> rowWeights, ArrayView<int> columns, ArrayView<float> columnWeights, ResizeSizes sizes)
    {
        int end = LaneSpan.End(sizes.C);
        int p = Grid.IdxX % sizes.P;
        long image = (long)(Grid.IdxX / sizes.P) * sizes.H;
        long upperRow = (image + rows[p]) * sizes.W;
        long lowerRow = (image + rows[sizes.P + p]) * sizes.W;
        for (int q = 0; q < sizes.Q; q++)
        {
            long to = (((long)Grid.IdxX * sizes.Q) + q) * sizes.C;
            int c = LaneSpan.First();
            for (; c + DeviceLanes.Count <= end; c += DeviceLanes.Count)
            {
                DeviceLanes upper = Between(x, ((upperRow + columns[q]) * sizes.C) + c, ((upperRow + columns[sizes.Q + q]) * sizes.C) + c, columnWeights[q]);
                DeviceLanes lower = Between(x, ((lowerRow + columns[q]) * sizes.C) + c, ((lowerRow + columns[sizes.Q + q]) * sizes.C) + c, columnWeights[q]);
                DeviceLanes.Store(y, to + c, DeviceLanes.MultiplyAdd(upper, rowWeights[p], DeviceLanes.Subtract(lower, upper)));
            }
            for (; c < end; c++)
                y[to + c] = ResamplingKernels.BilinearOf(x, rows, rowWeights, columns, columnWeights, image, p, q, c, sizes);
        }
    }

    [Kernel(1)]
    internal static void BilinearBackward(
        ArrayView<float> gy, ArrayView<float> gx, ArrayView<int> rows, ArrayView<float> rowWeights, ArrayView<int> columns, ArrayView<float> columnWeights, ResizeSizes sizes)
    {
        int end = LaneSpan.End(sizes.C);
        int h = Grid.IdxX % sizes.H;
        long image = (long)(Grid.IdxX / sizes.H) * sizes.P;
        int firstP = rows[(2 * sizes.P) + h];
        int endP = rows[(2 * sizes.P) + sizes.H + h];
        for (int w = 0; w < sizes.W; w++)
        {
            int firstQ = columns[(2 * sizes.Q) + w];
            int endQ = columns[(2 * sizes.Q) + sizes.W + w];
            long to = (((long)Grid.IdxX * sizes.W) + w) * sizes.C;
            int c = LaneSpan.First();
            for (; c + DeviceLanes.Count <= end; c += DeviceLanes.Count)
            {
                DeviceLanes sum = DeviceLanes.Of(0);
                for (int p = firstP; p < endP; p++)
                {
                    DeviceLanes line = DeviceLanes.Of(0);
                    for (int q = firstQ; q < endQ; q++)
                        line = DeviceLanes.MultiplyAdd(line, ResamplingKernels.Weight(columns, columnWeights, q, sizes.Q, w), DeviceLanes.Load(gy, ((((image + p) * sizes.Q) + q) * sizes.C) + c));
                    sum = DeviceLanes.MultiplyAdd(sum, ResamplingKernels.Weight(rows, rowWeights, p, sizes.P, h), line);
                }
                DeviceLanes.Store(gx, to + c, sum);
            }
            for (; c < end; c++)
                gx[to + c] = ResamplingKernels.BilinearGradientOf(gy, rows, rowWeights, columns, columnWeights, image, h, w, c, sizes);
        }
    }

    private static DeviceLanes Between(ArrayView<float> x, long left, long right, float weight)
    {
        DeviceLanes a = DeviceLanes.Load(x, left);
        return DeviceLanes.MultiplyAdd(a, weight, DeviceLanes.Subtract(DeviceLanes.Load(x, right), a));
    }
}
