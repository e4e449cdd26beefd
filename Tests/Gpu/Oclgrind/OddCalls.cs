using ILGPU;
using NativeFree.Kernels;

namespace NativeFree.Tests.Gpu;

/// <summary>Calls of the primitives that no bundled operator case reaches, at odd sizes small enough for a simulator, so that together every kernel runs.</summary>
internal static class OddCalls
{
    public static void Run(GpuDevice device)
    {
        using Scope scope = new();
        Elementwise(device);
        foreach (KernelVariant variant in Enum.GetValues<KernelVariant>().Where(static variant => variant < KernelVariant.Direct))
        {
            device.Choices.Only = variant;
            Products(device);
        }
        device.Choices.Only = KernelVariant.Lanes;
        Lanes(device);
        device.Choices.Only = null;
        Blocks(device);
        Reductions(device);
        Optimizers(device);
        Peak(device);
    }

    private static Tensor Of(GpuDevice device, params int[] shape) => Tensor.From(device, new Shape(shape), Noise.Of(new Shape(shape).Count, shape.Length));

    private static void Elementwise(GpuDevice device)
    {
        Tensor a = Of(device, 523), b = Of(device, 523), y = Of(device, 523);
        device.Elementwise.Clamp(a, -0.2f, 0.3f, y);
        device.Elementwise.Combine(2, a, 3, b, y);
        device.Elementwise.Multiply(2, a, b, y);
        device.Elementwise.Scale(2, a, y);
        device.Elementwise.DropoutMask(7, 0.3f, y);
        y.Fill(3);
        foreach (ActivationKind kind in Enum.GetValues<ActivationKind>())
        {
            device.Elementwise.Activate(new Activation(kind, 0.1f), a, y);
            device.Elementwise.ActivateBackward(new Activation(kind, 0.1f), a, b, y);
        }
    }

    private static void Products(GpuDevice device)
    {
        // Two tiles of rows and of columns, and a rest of the depth.
        Tensor y = Of(device, 67, 65);
        foreach ((bool ta, bool tb) in new[] { (false, false), (true, false), (false, true), (true, true) })
            device.MatrixMultiply.Multiply(ta ? Of(device, 5, 67) : Of(device, 67, 5), ta, tb ? Of(device, 65, 5) : Of(device, 5, 65), tb, y, new Epilogue(Of(device, 65), Of(device, 67, 65), Relu: true));
        // So deep that the depth is cut.
        device.MatrixMultiply.Multiply(Of(device, 1, 2051), false, Of(device, 2051, 3), false, Of(device, 1, 3), new Epilogue(Of(device, 3)));
        Convolve(device, ConvolutionGeometry.Create(new Shape(1, 9, 8, 3), new Shape(3, 2, 3, 5), (1, 2), new Padding(1, 0, 1, 1), (1, 1), 1));
        Convolve(device, ConvolutionGeometry.Create(new Shape(1, 5, 6, 3), new Shape(3, 3, 3, 5), (1, 1), new Padding(1, 1, 1, 1), (1, 1), 1));
        Convolve(device, ConvolutionGeometry.Create(new Shape(1, 5, 4, 7), new Shape(3, 2, 1, 7), (2, 1), new Padding(1, 0, 1, 1), (1, 1), 7));
        Convolve(device, ConvolutionGeometry.Create(new Shape(1, 5, 4, 7), new Shape(1, 1, 7, 5), (1, 1), new Padding(0, 0, 0, 0), (1, 1), 1));
    }

    private static void Convolve(GpuDevice device, ConvolutionGeometry g)
    {
        Tensor x = Of(device, g.InShape.ToArray()), w = Of(device, g.FilterShape.ToArray()), y = Tensor.Filled(device, g.OutShape, 1), bias = Of(device, g.OutChannels);
        device.Convolution.Forward(g, x, w, y, new Epilogue(bias, Relu: true));
        device.Convolution.Prepare(g, w, bias, true, false, g.OutChannels).Run(x, y, 0, null);
        device.Convolution.Prepare(g, w, null, false, true, g.InChannels).Run(y, Tensor.Zeros(device, x.Shape), 0, null);
        device.Convolution.BackwardInput(g, y, w, Tensor.Zeros(device, x.Shape), Epilogue.None);
        device.Convolution.BackwardFilter(g, x, y, Tensor.Zeros(device, w.Shape));
    }

    // A block of sixteen channels and a rest, in every kernel that has both.
    private static void Lanes(GpuDevice device)
    {
        Convolve(device, ConvolutionGeometry.Create(new Shape(1, 5, 4, 19), new Shape(3, 2, 1, 19), (2, 1), new Padding(1, 0, 1, 1), (1, 1), 19));
        PoolingGeometry g = PoolingGeometry.Create(new Shape(2, 4, 5, 19), (3, 2), (2, 1), new Padding(1, 0, 1, 0), true);
        Tensor x = Of(device, g.InShape.ToArray()), y = Of(device, g.OutShape.ToArray()), argument = Of(device, g.OutShape.ToArray());
        device.Pooling.Max(g, x, y, argument);
        device.Pooling.MaxBackward(g, argument, y, x);
        device.Pooling.Average(g, PoolingDivisor.RealPixels, x, y);
        device.Pooling.AverageBackward(g, PoolingDivisor.RealPixels, y, x);
        Tensor small = Of(device, 1, 3, 2, 19), large = Of(device, 1, 6, 4, 19);
        device.Resampling.Nearest((2, 2), small, large);
        device.Resampling.NearestBackward((2, 2), large, small);
        device.Resampling.Bilinear(false, small, large);
        device.Resampling.BilinearBackward(false, large, small);
        Tensor rows = Of(device, 21, 19), gradient = Of(device, 21, 19), mean = Of(device, 19), variance = Tensor.Filled(device, new Shape(19), 0.7f);
        device.Normalization.Moments(rows, mean, variance);
        device.Normalization.ScaleGradients(rows, gradient, mean, variance, 1e-3f, Of(device, 19), Of(device, 19));
        device.Normalization.LocalResponse(3, 1, 0.3f, 0.75f, rows, gradient);
        device.Normalization.LocalResponseBackward(3, 1, 0.3f, 0.75f, rows, gradient, Of(device, 21, 19));
        device.Reductions.Softmax(rows, 21, 19, 1, gradient);
        device.Reductions.SoftmaxBackward(gradient, rows, 21, 19, 1, Of(device, 21, 19));
        device.Reductions.LogSoftmax(rows, 21, 19, 1, gradient);
        device.Reductions.LogSoftmaxBackward(gradient, rows, 21, 19, 1, Of(device, 21, 19));
        device.Reductions.Sum(Of(device, 11, 83), 11, 83, 1, 1, Of(device, 11));
        device.Reductions.ArgMax(rows, new int[21]);
        Tensor few = Of(device, 133, 5), there = Of(device, 133, 5);
        device.Reductions.Softmax(few, 133, 5, 1, there);
        device.Reductions.LogSoftmax(few, 133, 5, 1, there);
        device.Reductions.ArgMax(few, new int[133]);
    }

    private static void Blocks(GpuDevice device)
    {
        Tensor x = Of(device, 37, 19), mean = Of(device, 19), variance = Tensor.Filled(device, new Shape(19), 0.7f), y = Of(device, 37, 19);
        device.FusedNormalization!.Forward(x, mean, variance, mean, mean, 1e-3f, x, y);
        device.FusedNormalization.BackwardFixed(y, x, variance, mean, 1e-3f, Of(device, 37, 19), Of(device, 37, 19));
    }

    private static void Peak(GpuDevice device)
    {
        PeakLaunch.Items(device.Stream, new Index3D(3, 1, 1), device.View(Of(device, 3 * PeakKernels.Group)), 1, 0.5f, 2);
        PeakLaunch.Lanes(device.Stream, new Index3D(3, 1, 1), device.View(Of(device, 3 * DeviceLanes.Count)), 1, 0.5f, 2);
    }

    private static void Reductions(GpuDevice device)
    {
        Tensor x = Of(device, 1031);
        device.Reductions.Dot(x, Of(device, 1031));
        device.Reductions.AllFinite(x);
        Tensor few = Of(device, 3, RowSoftmaxKernels.LeastLength + 5), there = Of(device, 3, RowSoftmaxKernels.LeastLength + 5);
        device.Reductions.Softmax(few, 3, RowSoftmaxKernels.LeastLength + 5, 1, there);
        device.Reductions.SoftmaxBackward(there, few, 3, RowSoftmaxKernels.LeastLength + 5, 1, Of(device, 3, RowSoftmaxKernels.LeastLength + 5));
        device.Reductions.LogSoftmax(few, 3, RowSoftmaxKernels.LeastLength + 5, 1, there);
        device.Reductions.LogSoftmaxBackward(there, few, 3, RowSoftmaxKernels.LeastLength + 5, 1, Of(device, 3, RowSoftmaxKernels.LeastLength + 5));
        device.Reductions.Softmax(Of(device, 5, 3, 7), 5, 3, 7, Of(device, 5, 3, 7));
        device.Reductions.LogSoftmax(Of(device, 5, 3, 7), 5, 3, 7, Of(device, 5, 3, 7));
        device.Reductions.ArgMax(Of(device, 7, 5), new int[7]);
        Labels binary = new(new Shape(263), [.. Enumerable.Range(0, 263).Select(static i => i % 3 == 0 ? 1 : 0)]), classes = new(new Shape(37), [.. Enumerable.Range(0, 37).Select(static i => i % 5)]);
        Tensor one = Tensor.Filled(device, new Shape(1), 1), wide = Of(device, 263), rows = Of(device, 37, 5);
        device.Reductions.SigmoidCrossEntropy(wide, binary, null, 0.5f, one);
        device.Reductions.SigmoidCrossEntropyBackward(wide, binary, null, 0.5f, one, Of(device, 263));
        Tensor overlap = Of(device, 5), total = Of(device, 5);
        device.Reductions.LabelSums(rows, classes, 2, overlap, total);
        device.Reductions.LabelSumsBackward(classes, 2, overlap, total, Of(device, 37, 5));
    }

    private static void Optimizers(GpuDevice device)
    {
        Tensor p = Of(device, 259), g = Of(device, 259), m = Of(device, 259), v = Tensor.Filled(device, new Shape(259), 0.3f), most = Tensor.Filled(device, new Shape(259), 0.4f);
        device.Optimizers.Sgd(0.1f, p, g);
        device.Optimizers.Momentum(0.1f, 0.9f, true, p, g, m);
        device.Optimizers.RmsProp(0.1f, 0.9f, 1e-7f, false, p, g, v);
        device.Optimizers.Adam(new AdamStep(0.1f, 0.01f, 0.1f, 1, 1e-7f, 1, 0.9f), p, g, m, v, most);
    }
}
