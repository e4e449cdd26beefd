// Pooling and its gradients for a driver that runs work-items on a processor: the sums and choices of PoolingKernels, in the same order, for sixteen neighbouring channels at once. A group is one work-item and takes a row of the side that
// is written (LaneSpan); what sixteen does not divide goes channel by channel through PoolingKernels' own functions. Letters as there.
// x is read R·S times, all but the first time from a cache, y written once: bytes of x and y once are the limit. Grid: X rows of the written side, Y spans of channels.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal static class LanePoolingKernels
{
    [Kernel(1)]
    internal static void Max(ArrayView<float> x, ArrayView<float> y, ArrayView<float> argument, PoolingSizes z, int wantsArgument)
    {
        int end = LaneSpan.End(z.C);
        int h0 = (Grid.IdxX % z.P * z.StrideY) - z.PadTop;
        long image = (long)(Grid.IdxX / z.P) * z.H;
        for (int q = 0; q < z.Q; q++)
        {
            int w0 = (q * z.StrideX) - z.PadLeft;
            long at = (((long)Grid.IdxX * z.Q) + q) * z.C;
            int c = LaneSpan.First();
            for (; c + DeviceLanes.Count <= end; c += DeviceLanes.Count)
            {
                int r0 = Math.Max(-h0, 0);
                int s0 = Math.Max(-w0, 0);
                DeviceLanes best = DeviceLanes.Of(float.NegativeInfinity);
                DeviceLanes place = DeviceLanes.Of(-1);
                if (r0 < z.R && h0 + r0 < z.H && s0 < z.S && w0 + s0 < z.W)
                {
                    // Below it is compared with itself, and stays.
                    best = DeviceLanes.Load(x, ((((image + h0 + r0) * z.W) + w0 + s0) * z.C) + c);
                    place = DeviceLanes.Of((r0 * z.S) + s0);
                }
                for (int r = r0; r < z.R && h0 + r < z.H; r++)
                {
                    for (int s = s0; s < z.S && w0 + s < z.W; s++)
                    {
                        DeviceLanes value = DeviceLanes.Load(x, ((((image + h0 + r) * z.W) + w0 + s) * z.C) + c);
                        place = DeviceLanes.BestPlace(best, value, place, (r * z.S) + s);
                        best = DeviceLanes.Best(best, value);
                    }
                }
                DeviceLanes.Store(y, at + c, best);
                if (wantsArgument != 0)
                    DeviceLanes.Store(argument, at + c, place);
            }
            for (; c < end; c++)
            {
                Largest found = PoolingKernels.LargestOf(x, image, h0, w0, c, z);
                y[at + c] = found.Value;
                if (wantsArgument != 0)
                    argument[at + c] = found.Place;
            }
        }
    }

    [Kernel(1)]
    internal static void MaxBackward(ArrayView<float> argument, ArrayView<float> gy, ArrayView<float> gx, PoolingSizes z)
    {
        int end = LaneSpan.End(z.C);
        int h = (Grid.IdxX % z.H) + z.PadTop;
        long image = (long)(Grid.IdxX / z.H) * z.P;
        int endP = Math.Min((h / z.StrideY) + 1, z.P);
        for (int column = 0; column < z.W; column++)
        {
            int w = column + z.PadLeft;
            int endQ = Math.Min((w / z.StrideX) + 1, z.Q);
            long to = (((long)Grid.IdxX * z.W) + column) * z.C;
            int c = LaneSpan.First();
            for (; c + DeviceLanes.Count <= end; c += DeviceLanes.Count)
            {
                DeviceLanes sum = DeviceLanes.Of(0);
                for (int p = PoolingKernels.First(h, z.R, z.StrideY); p < endP; p++)
                {
                    for (int q = PoolingKernels.First(w, z.S, z.StrideX); q < endQ; q++)
                    {
                        long at = ((((image + p) * z.Q) + q) * z.C) + c;
                        int mine = ((h - (p * z.StrideY)) * z.S) + w - (q * z.StrideX);
                        sum = DeviceLanes.AddWhere(sum, DeviceLanes.Load(argument, at), mine, DeviceLanes.Load(gy, at));
                    }
                }
                DeviceLanes.Store(gx, to + c, sum);
            }
            for (; c < end; c++)
                gx[to + c] = PoolingKernels.MaxGradientOf(argument, gy, image, h, w, c, z);
        }
    }

    [Kernel(1)]
    internal static void Average(ArrayView<float> x, ArrayView<float> y, PoolingSizes z)
    {
        int end = LaneSpan.End(z.C);
        int h0 = (Grid.IdxX % z.P * z.StrideY) - z.PadTop;
        long image = (long)(Grid.IdxX / z.P) * z.H;
        for (int q = 0; q < z.Q; q++)
        {
            int w0 = (q * z.StrideX) - z.PadLeft;
            long at = (((long)Grid.IdxX * z.Q) + q) * z.C;
            float divisor = z.DivisorAt(h0, w0);
            int c = LaneSpan.First();
            for (; c + DeviceLanes.Count <= end; c += DeviceLanes.Count)
            {
                DeviceLanes sum = DeviceLanes.Of(0);
                for (int r = Math.Max(-h0, 0); r < z.R && h0 + r < z.H; r++)
                {
                    for (int s = Math.Max(-w0, 0); s < z.S && w0 + s < z.W; s++)
                        sum = DeviceLanes.Add(sum, DeviceLanes.Load(x, ((((image + h0 + r) * z.W) + w0 + s) * z.C) + c));
                }
                // Nothing real under the window: the sum is 0, and so is y.
                DeviceLanes.Store(y, at + c, DeviceLanes.Divide(sum, divisor > 0 ? divisor : 1));
            }
            for (; c < end; c++)
                y[at + c] = PoolingKernels.AverageOf(x, image, h0, w0, c, z);
        }
    }

    [Kernel(1)]
    internal static void AverageBackward(ArrayView<float> gy, ArrayView<float> gx, PoolingSizes z)
    {
        int end = LaneSpan.End(z.C);
        int h = (Grid.IdxX % z.H) + z.PadTop;
        long image = (long)(Grid.IdxX / z.H) * z.P;
        int endP = Math.Min((h / z.StrideY) + 1, z.P);
        for (int column = 0; column < z.W; column++)
        {
            int w = column + z.PadLeft;
            int endQ = Math.Min((w / z.StrideX) + 1, z.Q);
            long to = (((long)Grid.IdxX * z.W) + column) * z.C;
            int c = LaneSpan.First();
            for (; c + DeviceLanes.Count <= end; c += DeviceLanes.Count)
            {
                DeviceLanes sum = DeviceLanes.Of(0);
                for (int p = PoolingKernels.First(h, z.R, z.StrideY); p < endP; p++)
                {
                    for (int q = PoolingKernels.First(w, z.S, z.StrideX); q < endQ; q++)
                    {
                        float divisor = z.DivisorAt((p * z.StrideY) - z.PadTop, (q * z.StrideX) - z.PadLeft);
                        sum = DeviceLanes.Add(sum, DeviceLanes.Divide(DeviceLanes.Load(gy, ((((image + p) * z.Q) + q) * z.C) + c), divisor));
                    }
                }
                DeviceLanes.Store(gx, to + c, sum);
            }
            for (; c < end; c++)
                gx[to + c] = PoolingKernels.AverageGradientOf(gy, image, h, w, c, z);
        }
    }
}
