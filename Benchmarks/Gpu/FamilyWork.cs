using NativeFree.Kernels;
using Due = System.Func<float[][], float[][], int, double>;
using Is = NativeFree.Benchmarks.FamilyDefinitions;

namespace NativeFree.Benchmarks;

/// <summary>
/// The pieces of work of the families beside products: sizes of ResNet50, VGG16 and GoogLeNet in training at batch 8. Bytes are those that the algorithm has to move: every array once, and once more where a sum must be known before the next pass.
/// </summary>
internal static class FamilyWork
{
    // Of a window of 3 × 3 the middle, which lies in every picture.
    private const int Middle = 4;

    private static readonly KernelVariant[] Channels = [KernelVariant.Items, KernelVariant.Lanes];
    private static readonly Shape Activations = new(8, 56, 56, 256);

    // ImageNet's, and those of the pixels of eight segmented pictures.
    private static readonly Shape Classes = new(2048, 1000);
    private static readonly Shape Segments = new(401408, 3);

    private static readonly ConvolutionGeometry Mobile = ConvolutionGeometry.Create(new Shape(1, 56, 56, 128), new Shape(3, 3, 1, 128), (1, 1), Padding.All(1), (1, 1), 128);
    private static readonly PoolingGeometry Halving = PoolingGeometry.Create(new Shape(8, 112, 112, 64), (3, 3), (2, 2), Padding.All(1), false);
    private static readonly PoolingGeometry Whole = PoolingGeometry.Create(new Shape(8, 7, 7, 2048), (7, 7), (1, 1), Padding.All(0), false);

    public static IReadOnlyList<GpuWork> All { get; } =
    [
        Depthwise("depthwise", "Forward", static (device, t) => t.Forward(() => device.Convolution.Forward(Mobile, t.X, t.W, t.Y, Epilogue.None))),
        Depthwise("depthwise-input-gradient", "BackwardInput", static (_, t) => t.InputGradient()),
        Depthwise("depthwise-filter-gradient", "BackwardFilter", static (_, t) => t.FilterGradient()),
        Pass("relu", new Shape(64, 112, 112, 8), 2, "ElementwiseKernels.Activate<DeviceRelu>", static (device, t, _) => device.Elementwise.Activate(new Activation(ActivationKind.Relu, 0), t[0], t[1]), Is.Relu),
        Pass("batch-norm", Activations, 2, "NormalizationKernels.Normalize", static (device, t, c) => device.Normalization.Normalize(t[0], c[Is.Mean], c[Is.Variance], c[Is.Gamma], c[Is.Shift], Is.Epsilon, t[1]), Is.Normalize),
        Sums("moments", 2, ["PlainTerm", "SquareTerm"], static (device, t, c, first, second) => device.Normalization.Moments(t[0], first, second), Is.MeanOf, Is.VarianceOf),
        Sums("batch-norm-sums", 3, ["ProductTerm", "PlainTerm"], static (device, t, c, first, second) => device.Normalization.ScaleGradients(t[0], t[1], c[Is.Mean], c[Is.Variance], Is.Epsilon, first, second), Is.GammaGradientOf, Is.ShiftGradientOf),
        Pass(
            "batch-norm-gradient", Activations, 3, "NormalizationKernels.BackwardBatch",
            static (device, t, c) => device.Normalization.BackwardBatch(t[0], t[1], c[Is.Mean], c[Is.Variance], c[Is.Gamma], Is.Epsilon, c[Is.GammaGradient], c[Is.ShiftGradient], t[2]), Is.BackwardBatch),
        Response("local-response", 2, 2, ["LocalResponse"], ["Forward"], static (device, t, _) => device.Normalization.LocalResponse(Is.Window, Is.K, Is.Alpha, Is.Beta, t[0], t[1]), Is.LocalResponse),
        Response(
            "local-response-gradient", 3, 6, ["LocalResponsePowers", "LocalResponseBackward"], ["Powers", "Backward"],
            static (device, t, _) => device.Normalization.LocalResponseBackward(Is.Window, Is.K, Is.Alpha, Is.Beta, t[0], t[1], t[2]), Is.LocalResponseBackward),
        Pooling("max-pooling 3x3/2", Halving, "Max", 2, static (device, x, y, _) => device.Pooling.Max(Halving, x, y, null), static (x, i) => Is.MaxPooling(Halving, x, i)),
        Pooling("max-pooling-gradient 3x3/2", Halving, "MaxBackward", 3, static (device, gy, gx, argument) => device.Pooling.MaxBackward(Halving, argument, gy, gx), static (gy, i) => Is.MaxPoolingBackward(Halving, gy, Middle, i), isGradient: true),
        Pooling("average-pooling 7x7", Whole, "Average", 2, static (device, x, y, _) => device.Pooling.Average(Whole, PoolingDivisor.Window, x, y), static (x, i) => Is.AveragePooling(Whole, x, i)),
        Pooling("average-pooling-gradient 7x7", Whole, "AverageBackward", 2, static (device, gy, gx, _) => device.Pooling.AverageBackward(Whole, PoolingDivisor.Window, gy, gx), static (gy, i) => Is.AveragePoolingBackward(Whole, gy, i), isGradient: true),
        RowSums(),
        Softmax("softmax", Classes, 2, "RowSoftmaxKernels.Forward", "LaneSoftmaxKernels.Forward", static (device, t, _) => device.Reductions.Softmax(t[0], Classes[0], Classes[1], 1, t[1]), Is.Softmax),
        Softmax("softmax", Segments, 2, "ReductionKernels.Softmax", "LaneShortRowKernels.Forward", static (device, t, _) => device.Reductions.Softmax(t[0], Segments[0], Segments[1], 1, t[1]), Is.Softmax),
        Softmax("softmax-gradient", Classes, 3, "RowSoftmaxKernels.Backward", "LaneSoftmaxKernels.Backward", static (device, t, _) => device.Reductions.SoftmaxBackward(t[0], t[1], Classes[0], Classes[1], 1, t[2]), Is.SoftmaxBackward),
        Resize("nearest x2", "Nearest", static (device, x, y) => device.Resampling.Nearest((2, 2), x, y), Is.Nearest),
        Resize("nearest-gradient x2", "NearestBackward", static (device, gy, gx) => device.Resampling.NearestBackward((2, 2), gy, gx), Is.NearestBackward, isGradient: true),
        Resize("bilinear x2", "Bilinear", static (device, x, y) => device.Resampling.Bilinear(false, x, y), Is.Bilinear),
        Resize("bilinear-gradient x2", "BilinearBackward", static (device, gy, gx) => device.Resampling.BilinearBackward(false, gy, gx), Is.BilinearBackward, isGradient: true),
        Pass(
            "residual-end", Activations, 3, "ResidualKernels.Forward",
            static (device, t, c) => device.FusedNormalization!.Forward(t[0], c[Is.Mean], c[Is.Variance], c[Is.Gamma], c[Is.Shift], Is.Epsilon, t[1], t[2]), Is.ResidualEnd),
        Pass(
            "residual-end-gradient", Activations, 4, "ResidualKernels.BackwardFixed",
            static (device, t, c) => device.FusedNormalization!.BackwardFixed(t[0], t[1], c[Is.Variance], c[Is.Gamma], Is.Epsilon, t[2], t[3]), Is.ResidualGradient, Is.ShortcutGradient),
        Adam(),
    ];

    private static GpuWork Pass(string name, Shape shape, int arrays, string kernel, Action<GpuDevice, Tensor[], Tensor[]> run, params Due[] due) =>
        new(Named(name, shape), 0, Bytes(arrays, shape), [], _ => [kernel], device => Task(device, shape, arrays, run, due));

    private static GpuWork Sums(string name, int passes, string[] terms, Action<GpuDevice, Tensor[], Tensor[], Tensor, Tensor> run, Due first, Due second) => new(
        Named(name, Activations), 0, Bytes(passes, Activations), Channels, variant => [.. terms.Select(term => $"{(variant == KernelVariant.Lanes ? "LaneSumKernels.Columns" : "ReductionKernels.ColumnSums")}<{term}>")], device =>
        {
            Operands of = new(device, Activations, 2);
            Tensor one = new(device, new Shape(Activations[-1])), other = new(device, one.Shape);
            return new(() => run(device, of.Arrays, of.Vectors, one, other), of.Due(one, first), of.Due(other, second));
        });

    private static GpuWork Response(string name, int arrays, int passes, string[] items, string[] lanes, Action<GpuDevice, Tensor[], Tensor[]> run, Due due)
    {
        Shape shape = new(8, 28, 28, 192);
        return new(
            Named(name, shape), 0, Bytes(passes, shape), Channels,
            variant => [.. variant == KernelVariant.Lanes ? lanes.Select(static kernel => $"LaneResponseKernels.{kernel}") : items.Select(static kernel => $"NormalizationKernels.{kernel}")], device => Task(device, shape, arrays, run, due));
    }

    private static GpuWork Softmax(string name, Shape shape, int arrays, string items, string lanes, Action<GpuDevice, Tensor[], Tensor[]> run, Due due) =>
        new(Named(name, shape), 0, Bytes(arrays, shape), Channels, variant => [$"{(variant == KernelVariant.Lanes ? lanes : items)}<SoftmaxForm>"], device => Task(device, shape, arrays, run, due));

    private static GpuWork RowSums() => new(
        Named("row-sums", Classes), 0, Bytes(1, Classes), Channels, static variant => [variant == KernelVariant.Lanes ? "LaneRowKernels.Sums" : "ReductionKernels.RowSums"], static device =>
        {
            Operands of = new(device, Classes, 1);
            Tensor y = new(device, new Shape(Classes[0]));
            return new(() => device.Reductions.Sum(of.Arrays[0], Classes[0], Classes[1], 1, 1, y), of.Due(y, Is.RowSum));
        });

    private static GpuWork Pooling(string name, PoolingGeometry g, string kernel, int arrays, Action<GpuDevice, Tensor, Tensor, Tensor> run, Func<float[], int, double> due, bool isGradient = false) => new(
        Named(name, g.InShape), 0, Bytes(1, g.InShape) + Bytes(arrays - 1, g.OutShape), Channels, variant => [$"{(variant == KernelVariant.Lanes ? "Lane" : "")}PoolingKernels.{kernel}"], device =>
        {
            Tensor from = Values.Tensor(device, isGradient ? g.OutShape : g.InShape, 1), to = new(device, isGradient ? g.InShape : g.OutShape), argument = Tensor.Filled(device, g.OutShape, Middle);
            float[] read = from.ToArray();
            return new(() => run(device, from, to, argument), new DueResult(to, i => due(read, i)));
        });

    private static GpuWork Depthwise(string name, string kernel, Func<GpuDevice, ConvolutionOperands, GpuTask> task) => new(
        $"{name} 128 3x3 @56", Mobile.Flops, 0, Channels, variant => [$"{(variant == KernelVariant.Lanes ? "Lane" : "")}DepthwiseKernels.{kernel}"], device => task(device, new ConvolutionOperands(device, Mobile)));

    private static GpuWork Resize(string name, string kernel, Action<GpuDevice, Tensor, Tensor> run, Func<Shape, Shape, float[], int, double> due, bool isGradient = false)
    {
        Shape small = new(8, 28, 28, 128), large = new(8, 56, 56, 128);
        return new(Named(name, small), 0, Bytes(1, small) + Bytes(1, large), Channels, variant => [$"{(variant == KernelVariant.Lanes ? "Lane" : "")}ResamplingKernels.{kernel}"], device =>
        {
            Tensor from = Values.Tensor(device, isGradient ? large : small, 1), to = new(device, isGradient ? small : large);
            float[] read = from.ToArray();
            return new(() => run(device, from, to), new DueResult(to, i => due(small, large, read, i)));
        });
    }

    private static GpuWork Adam() => new(
        "adam 4194304", 0, Bytes(7, new Shape(4 << 20)), [], static _ => ["OptimizerKernels.Adam"], static device =>
        {
            Shape shape = new(4 << 20);
            Tensor p = Values.Tensor(device, shape, 1), g = Values.Tensor(device, shape, 2), m = Tensor.Zeros(device, shape), v = Tensor.Zeros(device, shape);
            AdamStep step = new(0.1f, 0.001f, 1e-3f, 1, 1e-8f, 1, 1);
            float[] before = p.ToArray(), gradient = g.ToArray();
            double First(int i) => (double)step.OneMinusBeta1 * gradient[i];
            double Second(int i) => (double)step.OneMinusBeta2 * gradient[i] * gradient[i];
            return new(
                () => device.Optimizers.Adam(step, p, g, m, v, null), new DueResult(m, First, IsChangedInPlace: true), new DueResult(v, Second, IsChangedInPlace: true),
                new DueResult(p, i => before[i] - (step.Rate / (Math.Sqrt(Second(i)) + step.Epsilon) * First(i)), IsChangedInPlace: true));
        });

    // Work over arrays of one shape, of which it writes the last ones.
    private static GpuTask Task(GpuDevice device, Shape shape, int arrays, Action<GpuDevice, Tensor[], Tensor[]> run, params Due[] due)
    {
        Operands of = new(device, shape, arrays);
        return new(() => run(device, of.Arrays, of.Vectors), [.. due.Select((definition, k) => of.Due(of.Arrays[arrays - due.Length + k], definition))]);
    }

    private static double Bytes(int arrays, Shape shape) => arrays * (double)sizeof(float) * shape.Count;

    private static string Named(string name, Shape shape) => $"{name} {string.Join('x', shape.ToArray())}";

    /// <summary>Arrays of one shape, the first two of which hold values, and six vectors over its channels with values that are all positive, as a variance has to be.</summary>
    private sealed class Operands
    {
        private readonly float[][] arrays, vectors;

        public Operands(GpuDevice device, Shape shape, int count)
        {
            arrays = [.. Enumerable.Range(1, Math.Min(count, 2)).Select(seed => Values.Of(shape.Count, seed))];
            vectors = [.. Enumerable.Range(11, 6).Select(seed => Values.Of(shape[-1], seed).Select(static value => (value / 4) + 0.5f).ToArray())];
            Arrays = [.. arrays.Select(values => Tensor.From(device, shape, values)), .. Enumerable.Range(0, Math.Max(count - 2, 0)).Select(_ => new Tensor(device, shape))];
            Vectors = [.. vectors.Select(values => Tensor.From(device, new Shape(values.Length), values))];
        }

        public Tensor[] Arrays { get; }

        public Tensor[] Vectors { get; }

        public DueResult Due(Tensor result, Due definition) => new(result, i => definition(arrays, vectors, i));
    }
}
