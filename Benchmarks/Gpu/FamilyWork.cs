using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>
/// The pieces of work of the families beside products: sizes of ResNet50, VGG16 and GoogLeNet in training at batch 8. Bytes are those that the algorithm has to move: every array once, and once more where a sum must be known before the next pass.
/// </summary>
internal static class FamilyWork
{
    private static readonly KernelVariant[] Channels = [KernelVariant.Items, KernelVariant.Lanes];
    private static readonly Shape Activations = new(8, 56, 56, 256);
    private static readonly ConvolutionGeometry Mobile = ConvolutionGeometry.Create(new Shape(1, 56, 56, 128), new Shape(3, 3, 1, 128), (1, 1), Padding.All(1), (1, 1), 128);
    private static readonly PoolingGeometry Halving = PoolingGeometry.Create(new Shape(8, 112, 112, 64), (3, 3), (2, 2), Padding.All(1), false);
    private static readonly PoolingGeometry Whole = PoolingGeometry.Create(new Shape(8, 7, 7, 2048), (7, 7), (1, 1), Padding.All(0), false);

    public static IReadOnlyList<GpuWork> All { get; } =
    [
        Depthwise("depthwise", "Forward", static (device, x, w, y) => device.Convolution.Forward(Mobile, x, w, y, Epilogue.None)),
        Depthwise("depthwise-input-gradient", "BackwardInput", static (device, x, w, y) => device.Convolution.BackwardInput(Mobile, y, w, x, Epilogue.None)),
        Depthwise("depthwise-filter-gradient", "BackwardFilter", static (device, x, w, y) => device.Convolution.BackwardFilter(Mobile, x, y, w)),
        Pass("relu", new Shape(64, 112, 112, 8), 2, "ElementwiseKernels.Activate<DeviceRelu>", static (device, t, _) => device.Elementwise.Activate(new Activation(ActivationKind.Relu, 0), t[0], t[1])),
        Pass("batch-norm", Activations, 2, "NormalizationKernels.Normalize", static (device, t, c) => device.Normalization.Normalize(t[0], c, c, c, c, 1e-5f, t[1])),
        Sums("moments", 2, ["PlainTerm", "SquareTerm"], static (device, t, c) => device.Normalization.Moments(t[0], c[0], c[1])),
        Sums("batch-norm-sums", 3, ["ProductTerm", "PlainTerm"], static (device, t, c) => device.Normalization.ScaleGradients(t[0], t[1], c[0], c[1], 1e-5f, c[2], c[3])),
        Pass("batch-norm-gradient", Activations, 3, "NormalizationKernels.BackwardBatch", static (device, t, c) => device.Normalization.BackwardBatch(t[0], t[1], c, c, c, 1e-5f, c, c, t[2])),
        Response("local-response", 2, ["LocalResponse"], ["Forward"], static (device, t) => device.Normalization.LocalResponse(5, 1, 1e-4f, 0.75f, t[0], t[1])),
        Response("local-response-gradient", 6, ["LocalResponsePowers", "LocalResponseBackward"], ["Powers", "Backward"], static (device, t) => device.Normalization.LocalResponseBackward(5, 1, 1e-4f, 0.75f, t[0], t[1], t[2])),
        Pooling("max-pooling 3x3/2", Halving, "Max", false, static (device, x, y, _) => device.Pooling.Max(Halving, x, y, null)),
        Pooling("max-pooling-gradient 3x3/2", Halving, "MaxBackward", true, static (device, x, y, argument) => device.Pooling.MaxBackward(Halving, argument, y, x)),
        Pooling("average-pooling 7x7", Whole, "Average", false, static (device, x, y, _) => device.Pooling.Average(Whole, PoolingDivisor.Window, x, y)),
        Pooling("average-pooling-gradient 7x7", Whole, "AverageBackward", false, static (device, x, y, _) => device.Pooling.AverageBackward(Whole, PoolingDivisor.Window, y, x)),
        Softmax("softmax", 2, "Forward", static (device, t) => device.Reductions.Softmax(t[0], 2048, 1000, 1, t[1])),
        Softmax("softmax-gradient", 3, "Backward", static (device, t) => device.Reductions.SoftmaxBackward(t[0], t[1], 2048, 1000, 1, t[2])),
        Resize("nearest x2", "Nearest", static (device, small, large) => device.Resampling.Nearest((2, 2), small, large)),
        Resize("nearest-gradient x2", "NearestBackward", static (device, small, large) => device.Resampling.NearestBackward((2, 2), large, small)),
        Resize("bilinear x2", "Bilinear", static (device, small, large) => device.Resampling.Bilinear(false, small, large)),
        Resize("bilinear-gradient x2", "BilinearBackward", static (device, small, large) => device.Resampling.BilinearBackward(false, large, small)),
        Pass("residual-end", Activations, 3, "ResidualKernels.Forward", static (device, t, c) => device.Blocks!.NormalizeAddRelu(t[0], c, c, c, c, 1e-5f, t[1], t[2])),
        Pass("residual-end-gradient", Activations, 4, "ResidualKernels.BackwardFixed", static (device, t, c) => device.Blocks!.NormalizeAddReluBackward(t[0], t[1], c, c, 1e-5f, t[2], t[3])),
        Adam(),
    ];

    // Work over arrays of one shape, the first two of which hold values, and a vector over channels.
    private static GpuWork Pass(string name, Shape shape, int arrays, string kernel, Action<GpuDevice, Tensor[], Tensor> run) => new(
        Named(name, shape), 0, arrays * (double)sizeof(float) * shape.Count, [], _ => [kernel], device =>
        {
            Tensor[] tensors = Arrays(device, shape, arrays);
            Tensor channels = Tensor.Filled(device, new Shape(shape[-1]), 0.5f);
            return () => run(device, tensors, channels);
        });

    private static GpuWork Sums(string name, int arrays, string[] terms, Action<GpuDevice, Tensor[], Tensor[]> run) => new(
        Named(name, Activations), 0, arrays * (double)sizeof(float) * Activations.Count, Channels, variant => [.. terms.Select(term => $"{(variant == KernelVariant.Lanes ? "LaneSumKernels.Columns" : "ReductionKernels.ColumnSums")}<{term}>")], device =>
        {
            Tensor[] tensors = Arrays(device, Activations, 2);
            Tensor[] channels = [.. Enumerable.Range(0, 4).Select(_ => Tensor.Filled(device, new Shape(Activations[-1]), 0.5f))];
            return () => run(device, tensors, channels);
        });

    private static GpuWork Response(string name, int arrays, string[] items, string[] lanes, Action<GpuDevice, Tensor[]> run)
    {
        Shape shape = new(8, 28, 28, 192);
        return new(
            Named(name, shape), 0, arrays * (double)sizeof(float) * shape.Count, Channels,
            variant => [.. variant == KernelVariant.Lanes ? lanes.Select(static kernel => $"LaneResponseKernels.{kernel}") : items.Select(static kernel => $"NormalizationKernels.{kernel}")], device =>
            {
                Tensor[] tensors = Arrays(device, shape, 3);
                return () => run(device, tensors);
            });
    }

    private static GpuWork Softmax(string name, int arrays, string kernel, Action<GpuDevice, Tensor[]> run) => new(
        $"{name} 2048x1000", 0, arrays * (double)sizeof(float) * 2048 * 1000, Channels, variant => [$"{(variant == KernelVariant.Lanes ? "Lane" : "Row")}SoftmaxKernels.{kernel}<SoftmaxForm>"], device =>
        {
            Tensor[] tensors = Arrays(device, new Shape(2048, 1000), arrays);
            return () => run(device, tensors);
        });

    private static GpuWork Pooling(string name, PoolingGeometry g, string kernel, bool readsArgument, Action<GpuDevice, Tensor, Tensor, Tensor> run) => new(
        Named(name, g.InShape), 0, sizeof(float) * ((double)g.InShape.Count + (g.OutShape.Count * (readsArgument ? 2 : 1))), Channels,
        variant => [$"{(variant == KernelVariant.Lanes ? "Lane" : "")}PoolingKernels.{kernel}"], device =>
        {
            Tensor x = Values.Tensor(device, g.InShape, 1), y = Values.Tensor(device, g.OutShape, 2), argument = Tensor.Filled(device, g.OutShape, 4);
            return () => run(device, x, y, argument);
        });

    private static GpuWork Depthwise(string name, string kernel, Action<GpuDevice, Tensor, Tensor, Tensor> run) => new(
        $"{name} 128 3x3 @56", Mobile.Flops, 0, Channels, variant => [$"{(variant == KernelVariant.Lanes ? "Lane" : "")}DepthwiseKernels.{kernel}"], device =>
        {
            Tensor x = Values.Tensor(device, Mobile.InShape, 1), w = Values.Tensor(device, Mobile.FilterShape, 2), y = Values.Tensor(device, Mobile.OutShape, 3);
            return () => run(device, x, w, y);
        });

    private static GpuWork Resize(string name, string kernel, Action<GpuDevice, Tensor, Tensor> run)
    {
        Shape small = new(8, 28, 28, 128), large = new(8, 56, 56, 128);
        return new(Named(name, small), 0, sizeof(float) * ((double)small.Count + large.Count), Channels, variant => [$"{(variant == KernelVariant.Lanes ? "Lane" : "")}ResamplingKernels.{kernel}"], device =>
        {
            Tensor from = Values.Tensor(device, small, 1), to = Values.Tensor(device, large, 2);
            return () => run(device, from, to);
        });
    }

    private static GpuWork Adam() => new(
        "adam 4194304", 0, 7.0 * sizeof(float) * (4 << 20), [], static _ => ["OptimizerKernels.Adam"], static device =>
        {
            Shape shape = new(4 << 20);
            Tensor p = Values.Tensor(device, shape, 1), g = Values.Tensor(device, shape, 2), m = Tensor.Zeros(device, shape), v = Tensor.Zeros(device, shape);
            AdamStep step = new(0.1f, 0.001f, 1e-3f, 1, 1e-8f, 1, 1);
            return () => device.Optimizers.Adam(step, p, g, m, v, null);
        });

    private static Tensor[] Arrays(GpuDevice device, Shape shape, int count) => [.. Enumerable.Range(0, count).Select(i => i < 2 ? Values.Tensor(device, shape, i + 1) : new Tensor(device, shape))];

    private static string Named(string name, Shape shape) => $"{name} {string.Join('x', shape.ToArray())}";
}
