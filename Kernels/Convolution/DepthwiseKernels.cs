// Convolution of groups of one input channel and its gradients, directly: there is nothing to multiply as matrices. Letters as in ConvolutionGeometry: x [N,H,W,C], w [R,S,1,O], y [N,P,Q,O], M = O/C outputs of a channel.
// A work-item makes one value of the side that is written, neighbours neighbouring channels; the filter gradient sums over all pixels in their order. 2·R·S operations a value; each element read R·S times, from neighbouring lines.
// LaneDepthwiseKernels does the same for a driver that runs work-items on a processor.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

/// <summary>The sizes that the kernels read, how many values are made, and what follows.</summary>
internal readonly record struct DepthwiseSizes(
    int N, int H, int W, int C, int P, int Q, int O, int R, int S, int M, int StrideY, int StrideX, int PadTop, int PadLeft, int DilationY, int DilationX, long Count, int HasBias, int HasAddend, int HasRelu)
{
    public static DepthwiseSizes Of(ConvolutionGeometry g, long count, in Epilogue epilogue) => new(
        g.Batch, g.InHeight, g.InWidth, g.InChannels, g.OutHeight, g.OutWidth, g.OutChannels, g.KernelHeight, g.KernelWidth, g.OutChannels / g.InChannels, g.StrideY, g.StrideX, g.PadTop, g.PadLeft, g.DilationY,
        g.DilationX, count, epilogue.Bias is null ? 0 : 1, epilogue.Addend is null ? 0 : 1, epilogue.Relu ? 1 : 0);
}

internal static class DepthwiseKernels
{
    /// <summary>Whether every group has one input channel, and there is more than one group.</summary>
    public static bool Fits(ConvolutionGeometry g) => g.Groups > 1 && g.InChannels == g.Groups;

    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void Forward(ArrayView<float> x, ArrayView<float> w, ArrayView<float> bias, ArrayView<float> addend, ArrayView<float> y, DepthwiseSizes z)
    {
        int o = DeviceIndex.Channel();
        long pixel = DeviceIndex.Row();
        long i = (pixel * z.O) + o;
        if (o >= z.O || i >= z.Count)
            return;
        int w0 = ((int)(pixel % z.Q) * z.StrideX) - z.PadLeft;
        int h0 = ((int)(pixel / z.Q % z.P) * z.StrideY) - z.PadTop;
        y[i] = ForwardOf(x, w, bias, addend, pixel / z.Q / z.P * z.H, h0, w0, o, i, z);
    }

    [Kernel(DeviceIndex.Lanes, DeviceIndex.Rows)]
    internal static void BackwardInput(ArrayView<float> gy, ArrayView<float> w, ArrayView<float> bias, ArrayView<float> addend, ArrayView<float> gx, DepthwiseSizes z)
    {
        int c = DeviceIndex.Channel();
        long pixel = DeviceIndex.Row();
        long i = (pixel * z.C) + c;
        if (c >= z.C || i >= z.Count)
            return;
        int w0 = (int)(pixel % z.W) + z.PadLeft;
        int h0 = (int)(pixel / z.W % z.H) + z.PadTop;
        gx[i] = BackwardInputOf(gy, w, bias, addend, pixel / z.W / z.H * z.P, h0, w0, c, i, z);
    }

    [Kernel(DeviceIndex.Group)]
    internal static void BackwardFilter(ArrayView<float> x, ArrayView<float> gy, ArrayView<float> gw, DepthwiseSizes z)
    {
        long i = DeviceIndex.Element();
        if (i >= z.Count)
            return;
        gw[i] = BackwardFilterOf(x, gy, (int)(i / z.O), (int)(i % z.O), z);
    }

    /// <summary>y of output channel o where the filter begins at row h0 and column w0 of the image of x whose first row is <paramref name="image"/>; <paramref name="at"/> is its place in y.</summary>
    internal static float ForwardOf(
        ArrayView<float> x, ArrayView<float> w, ArrayView<float> bias, ArrayView<float> addend, long image, int h0, int w0, int o, long at, DepthwiseSizes z)
    {
        float sum = 0;
        for (int r = 0; r < z.R; r++)
        {
            int h = h0 + (r * z.DilationY);
            for (int s = 0; s < z.S; s++)
            {
                int column = w0 + (s * z.DilationX);
                if (h >= 0 && h < z.H && column >= 0 && column < z.W)
                    sum += x[((((image + h) * z.W) + column) * z.C) + (o / z.M)] * w[((long)((r * z.S) + s) * z.O) + o];
            }
        }
        return Finish(bias, addend, sum, o, at, z);
    }

    /// <summary>gx of channel c at row h0 and column w0, both counted from the padding's edge; the image's first row of gy is <paramref name="image"/>, <paramref name="to"/> its place in gx.</summary>
    internal static float BackwardInputOf(
        ArrayView<float> gy, ArrayView<float> w, ArrayView<float> bias, ArrayView<float> addend, long image, int h0, int w0, int c, long to, DepthwiseSizes z)
    {
        float sum = 0;
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
                {
                    long at = ((((image + p) * z.Q) + q) * z.O) + ((long)c * z.M);
                    for (int m = 0; m < z.M; m++)
                        sum += gy[at + m] * w[((long)((r * z.S) + s) * z.O) + ((long)c * z.M) + m];
                }
            }
        }
        return Finish(bias, addend, sum, c, to, z);
    }

    /// <summary>gw of a tap and output channel o: the sum over all pixels.</summary>
    internal static float BackwardFilterOf(ArrayView<float> x, ArrayView<float> gy, int tap, int o, DepthwiseSizes z)
    {
        int h0 = (tap / z.S * z.DilationY) - z.PadTop;
        int w0 = (tap % z.S * z.DilationX) - z.PadLeft;
        float sum = 0;
        for (int n = 0; n < z.N; n++)
        {
            for (int p = 0; p < z.P; p++)
            {
                int h = h0 + (p * z.StrideY);
                for (int q = 0; q < z.Q; q++)
                {
                    int column = w0 + (q * z.StrideX);
                    if (h >= 0 && h < z.H && column >= 0 && column < z.W)
                        sum += x[((((((long)n * z.H) + h) * z.W) + column) * z.C) + (o / z.M)] * gy[((((((long)n * z.P) + p) * z.Q) + q) * z.O) + o];
                }
            }
        }
        return sum;
    }

    private static float Finish(ArrayView<float> bias, ArrayView<float> addend, float sum, int channel, long at, DepthwiseSizes z)
    {
        float value = sum;
        if (z.HasBias != 0)
            value += bias[channel];
        if (z.HasAddend != 0)
            value += addend[at];
        if (z.HasRelu != 0)
            value = value < 0 ? 0 : value;
        return value;
    }
}
