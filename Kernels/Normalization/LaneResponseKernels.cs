// Local response normalization for a driver that runs work-items on a processor: the values of NormalizationKernels' local response for sixteen neighbouring channels at once, whose windows are sixteen neighbours too. A group is one
// work-item and takes a few pixels. A block whose windows lie inside a pixel's channels is computed in lanes, the last one moved back to end where they do (what it shares with the one before is computed twice, alike); the first and
// last channels, whose windows are cut, go one by one through NormalizationKernels' own functions. x is read once from memory, window times from a cache; the power is what costs. Grid: X pixels/8.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal static class LaneResponseKernels
{
    private const int Pixels = 8;

    /// <summary>On the host: the grid for so many pixels.</summary>
    public static Index3D GridFor(long pixels) => new(checked((int)((pixels + Pixels - 1) / Pixels)), 1, 1);

    [Kernel(1)]
    internal static void Forward(ArrayView<float> x, ArrayView<float> y, ResponseArguments response, long count)
    {
        int blocks = Blocks(response);
        for (int i = 0; i < Pixels; i++)
        {
            long row = (((long)Grid.IdxX * Pixels) + i) * response.Channels;
            if (row < count)
            {
                for (int block = 0; block < blocks; block++)
                {
                    long at = row + Begin(block, response);
                    DeviceLanes.Store(y, at, DeviceLanes.Multiply(DeviceLanes.Load(x, at), DeviceLanes.Pow(Base(x, at, response), -response.Beta)));
                }
                for (int edge = 0; edge < Edges(blocks, response); edge++)
                {
                    int c = Edge(edge, blocks, response);
                    y[row + c] = NormalizationKernels.ResponseOf(x, row, c, response);
                }
            }
        }
    }

    [Kernel(1)]
    internal static void Powers(ArrayView<float> x, ArrayView<float> powers, ResponseArguments response, long count)
    {
        int blocks = Blocks(response);
        for (int i = 0; i < Pixels; i++)
        {
            long row = (((long)Grid.IdxX * Pixels) + i) * response.Channels;
            if (row < count)
            {
                for (int block = 0; block < blocks; block++)
                {
                    long at = row + Begin(block, response);
                    DeviceLanes.Store(powers, at, DeviceLanes.Pow(Base(x, at, response), -response.Beta - 1));
                }
                for (int edge = 0; edge < Edges(blocks, response); edge++)
                {
                    int c = Edge(edge, blocks, response);
                    powers[row + c] = NormalizationKernels.PowerOf(x, row, c, response);
                }
            }
        }
    }

    [Kernel(1)]
    internal static void Backward(ArrayView<float> x, ArrayView<float> gy, ArrayView<float> powers, ArrayView<float> gx, ResponseArguments response, long count)
    {
        int blocks = Blocks(response);
        for (int i = 0; i < Pixels; i++)
        {
            long row = (((long)Grid.IdxX * Pixels) + i) * response.Channels;
            if (row < count)
            {
                for (int block = 0; block < blocks; block++)
                {
                    long at = row + Begin(block, response);
                    DeviceLanes sum = DeviceLanes.Of(0);
                    for (int j = -response.Half; j <= response.Half; j++)
                        sum = DeviceLanes.MultiplyAdd(sum, DeviceLanes.Multiply(DeviceLanes.Load(gy, at + j), DeviceLanes.Load(x, at + j)), DeviceLanes.Load(powers, at + j));
                    DeviceLanes own = DeviceLanes.Multiply(DeviceLanes.Load(gy, at), DeviceLanes.Multiply(DeviceLanes.Load(powers, at), Base(x, at, response)));
                    DeviceLanes others = DeviceLanes.Multiply(DeviceLanes.Load(x, at), sum);
                    DeviceLanes.Store(gx, at, DeviceLanes.MultiplyAdd(own, -2 * response.Alpha * response.Beta, others));
                }
                for (int edge = 0; edge < Edges(blocks, response); edge++)
                {
                    int c = Edge(edge, blocks, response);
                    gx[row + c] = NormalizationKernels.ResponseGradientOf(x, gy, powers, row, c, response);
                }
            }
        }
    }

    // Blocks of sixteen channels that cover all whose windows are whole.
    private static int Blocks(ResponseArguments response)
    {
        int whole = response.Channels - (2 * response.Half);
        return whole < DeviceLanes.Count ? 0 : (whole + DeviceLanes.Count - 1) / DeviceLanes.Count;
    }

    private static int Begin(int block, ResponseArguments response) => Math.Min(response.Half + (block * DeviceLanes.Count), response.Channels - response.Half - DeviceLanes.Count);

    // Channels that no block holds, whose windows are cut: as many before the blocks as behind them.
    private static int Edges(int blocks, ResponseArguments response) => blocks > 0 ? 2 * response.Half : response.Channels;

    private static int Edge(int edge, int blocks, ResponseArguments response) => blocks > 0 && edge >= response.Half ? response.Channels - (2 * response.Half) + edge : edge;

    // k + alpha · Σ x² over the windows around sixteen channels.
    private static DeviceLanes Base(ArrayView<float> x, long at, ResponseArguments response)
    {
        DeviceLanes sum = DeviceLanes.Of(0);
        for (int j = -response.Half; j <= response.Half; j++)
        {
            DeviceLanes value = DeviceLanes.Load(x, at + j);
            sum = DeviceLanes.MultiplyAdd(sum, value, value);
        }
        return DeviceLanes.MultiplyAdd(DeviceLanes.Of(response.K), response.Alpha, sum);
    }
}
