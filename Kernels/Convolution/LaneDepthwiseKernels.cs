// Convolution of groups of one input and one output channel and its gradients for a driver that runs work-items on a processor: the sums of DepthwiseKernels, in the same order, for sixteen neighbouring channels at once. Letters as there; O = C here, for
// channel o reads channel o. A group is one work-item. Forward and BackwardInput take a row of the side that is written (LaneSpan) and leave what sixteen does not divide to DepthwiseKernels' own functions; BackwardFilter takes one tap of sixteen channels.
// 2·R·S operations a value; each element read R·S times, all but the first time from a cache. Grid: X rows of the written side, Y spans of channels; of the filter gradient X channels/16, Y taps.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal static class LaneDepthwiseKernels
{
    /// <summary>Whether an output channel reads the input channel of its own number.</summary>
    public static bool Fits(ConvolutionGeometry g) => DepthwiseKernels.Fits(g) && g.OutChannels == g.InChannels && g.InShape.Count > 0;

    [Kernel(1)]
    internal static void Forward(ArrayView<float> x, ArrayView<float> w, ArrayView<float> bias, ArrayView<float> addend, ArrayView<float> y, DepthwiseSizes z)
    {
        int end = LaneSpan.End(z.O);
        int h0 = (Grid.IdxX % z.P * z.StrideY) - z.PadTop;
        long image = (long)(Grid.IdxX / z.P) * z.H;
        for (int q = 0; q < z.Q; q++)
        {
            int w0 = (q * z.StrideX) - z.PadLeft;
            long at = (((long)Grid.IdxX * z.Q) + q) * z.O;
            int o = LaneSpan.First();
            for (; o + DeviceLanes.Count <= end; o += DeviceLanes.Count)
            {
                DeviceLanes sum = DeviceLanes.Of(0);
                for (int r = 0; r < z.R; r++)
                {
                    int h = h0 + (r * z.DilationY);
                    for (int s = 0; s < z.S; s++)
                    {
                        int column = w0 + (s * z.DilationX);
                        if (h >= 0 && h < z.H && column >= 0 && column < z.W)
                            sum = DeviceLanes.MultiplyAdd(sum, DeviceLanes.Load(x, ((((image + h) * z.W) + column) * z.C) + o), DeviceLanes.Load(w, ((long)((r * z.S) + s) * z.O) + o));
                    }
                }
                DeviceLanes.Store(y, at + o, Finish(bias, addend, sum, o, at + o, z));
            }
            for (; o < end; o++)
                y[at + o] = DepthwiseKernels.ForwardOf(x, w, bias, addend, image, h0, w0, o, at + o, z);
        }
    }

    [Kernel(1)]
    internal static void BackwardInput(ArrayView<float> gy, ArrayView<float> w, ArrayView<float> bias, ArrayView<float> addend, ArrayView<float> gx, DepthwiseSizes z)
    {
        int end = LaneSpan.End(z.C);
        int h0 = (Grid.IdxX % z.H) + z.PadTop;
        long image = (long)(Grid.IdxX / z.H) * z.P;
        for (int place = 0; place < z.W; place++)
        {
            int w0 = place + z.PadLeft;
            long to = (((long)Grid.IdxX * z.W) + place) * z.C;
            int c = LaneSpan.First();
            for (; c + DeviceLanes.Count <= end; c += DeviceLanes.Count)
            {
                DeviceLanes sum = DeviceLanes.Of(0);
                for (int r = 0; r < z.R; r++)
                {
                    int h = h0 - (r * z.DilationY);
                    int p = h / z.StrideY;
                    bool rowInside = h >= 0 && p < z.P && p * z.StrideY == h;
                    for (int s = 0; s < z.S; s++)
                    {
                        int column = w0 - (s * z.DilationX);
                        int q = column / z.StrideX;
                        if (rowInside && column >= 0 && q < z.Q && q * z.StrideX == column)
                            sum = DeviceLanes.MultiplyAdd(sum, DeviceLanes.Load(gy, ((((image + p) * z.Q) + q) * z.O) + c), DeviceLanes.Load(w, ((long)((r * z.S) + s) * z.O) + c));
                    }
                }
                DeviceLanes.Store(gx, to + c, Finish(bias, addend, sum, c, to + c, z));
            }
            for (; c < end; c++)
                gx[to + c] = DepthwiseKernels.BackwardInputOf(gy, w, bias, addend, image, h0, w0, c, to + c, z);
        }
    }

    [Kernel(1)]
    internal static void BackwardFilter(ArrayView<float> x, ArrayView<float> gy, ArrayView<float> gw, DepthwiseSizes z)
    {
        int o = Grid.IdxX * DeviceLanes.Count;
        int tap = Grid.IdxY;
        if (o + DeviceLanes.Count > z.O)
        {
            for (; o < z.O; o++)
                gw[((long)tap * z.O) + o] = DepthwiseKernels.BackwardFilterOf(x, gy, tap, o, z);
            return;
        }
        int h0 = (tap / z.S * z.DilationY) - z.PadTop;
        int w0 = (tap % z.S * z.DilationX) - z.PadLeft;
        DeviceLanes sum = DeviceLanes.Of(0);
        for (int n = 0; n < z.N; n++)
        {
            for (int p = 0; p < z.P; p++)
            {
                int h = h0 + (p * z.StrideY);
                for (int q = 0; q < z.Q; q++)
                {
                    int column = w0 + (q * z.StrideX);
                    if (h >= 0 && h < z.H && column >= 0 && column < z.W)
                    {
                        sum = DeviceLanes.MultiplyAdd(
                            sum, DeviceLanes.Load(x, ((((((long)n * z.H) + h) * z.W) + column) * z.C) + o), DeviceLanes.Load(gy, ((((((long)n * z.P) + p) * z.Q) + q) * z.O) + o));
                    }
                }
            }
        }
        DeviceLanes.Store(gw, ((long)tap * z.O) + o, sum);
    }

    private static DeviceLanes Finish(ArrayView<float> bias, ArrayView<float> addend, DeviceLanes sum, int channel, long at, DepthwiseSizes z)
    {
        DeviceLanes value = sum;
        if (z.HasBias != 0)
            value = DeviceLanes.Add(value, DeviceLanes.Load(bias, channel));
        if (z.HasAddend != 0)
            value = DeviceLanes.Add(value, DeviceLanes.Load(addend, at));
        if (z.HasRelu != 0)
            value = DeviceLanes.Rectify(value);
        return value;
    }
}
