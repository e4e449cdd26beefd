using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>A piece of work that kernels of the GPU family do: its operands lie on the device, running it queues the work.</summary>
/// <param name="Name">For people and for --only.</param>
/// <param name="Flops">Operations, or 0 where bytes are the limit.</param>
/// <param name="Bytes">Bytes that must move at least, or 0 where operations are the limit.</param>
/// <param name="Variants">What can compute it; empty where there is one way.</param>
/// <param name="Kernels">Parts of the names of the kernels that a variant runs.</param>
/// <param name="Make">Puts operands on the device, with the variant chosen, and gives what runs the work once.</param>
internal sealed record GpuWork(string Name, double Flops, double Bytes, IReadOnlyList<KernelVariant> Variants, Func<KernelVariant?, IReadOnlyList<string>> Kernels, Func<GpuDevice, Action> Make)
{
    private static readonly KernelVariant[] Products = [KernelVariant.Tiled, KernelVariant.Rows16, KernelVariant.Rows32, KernelVariant.Rows64];
    private static readonly KernelVariant[] PreparedProducts = [.. Products, KernelVariant.Winograd];

    /// <summary>64 → 64 channels, 3×3, 56², one image: the shape of the comparison with CLBlast.</summary>
    public static ConvolutionGeometry Yardstick { get; } = ConvolutionGeometry.Create(new Shape(1, 56, 56, 64), new Shape(3, 3, 64, 64), (1, 1), Padding.All(1), (1, 1), 1);

    /// <summary>What <c>bench kernel</c> measures: one piece of work for each family of kernels.</summary>
    public static IReadOnlyList<GpuWork> All { get; } =
    [
        Product(512), Product(1024),
        Convolution("conv", ProductKind.Prepared), Convolution("conv-eager", ProductKind.Forward), Convolution("conv-input-gradient", ProductKind.InputGradient), Convolution("conv-filter-gradient", ProductKind.FilterGradient),
        Depthwise(), Elementwise(), Normalization(), Moments(), MaxPooling(), Softmax(), Adam(),
    ];

    /// <summary>[n,n]·[n,n].</summary>
    public static GpuWork Product(int n) => new(
        $"sgemm {n}", 2.0 * n * n * n, 0, Products, variant => Named("PlainProduct", "StoredRows", variant), device =>
        {
            Tensor a = Values.Tensor(device, new Shape(n, n), 1), b = Values.Tensor(device, new Shape(n, n), 2), y = new(device, new Shape(n, n));
            return () => device.MatrixMultiply.Multiply(a, false, b, false, y, Epilogue.None);
        });

    public static GpuWork Convolution(string name, ProductKind kind) => Convolution($"{name} 64-64 3x3 @56", kind, Yardstick);

    public static GpuWork Convolution(string name, ProductKind kind, ConvolutionGeometry g) => new(
        name, g.Flops, 0, kind == ProductKind.Prepared ? PreparedProducts : Products,
        variant => kind switch
        {
            ProductKind.InputGradient => Named("InputGradientProblem", "InputGradientRows", variant),
            ProductKind.FilterGradient => Named("FilterGradientProblem", "FilterGradientRows", variant),
            _ => Named("ForwardProblem", "ForwardRows", variant),
        },
        device =>
        {
            Tensor x = Values.Tensor(device, g.InShape, 1), w = Values.Tensor(device, g.FilterShape, 2), y = Values.Tensor(device, g.OutShape, 3);
            switch (kind)
            {
                case ProductKind.InputGradient:
                    return () => device.Convolution.BackwardInput(g, y, w, x, Epilogue.None);
                case ProductKind.FilterGradient:
                    return () => device.Convolution.BackwardFilter(g, x, y, w);
                case ProductKind.Prepared:
                    PreparedConvolution prepared = device.Convolution.Prepare(g, w, null, false, false, g.OutChannels);
                    return () => prepared.Run(x, y, 0, null);
                default:
                    return () => device.Convolution.Forward(g, x, w, y, Epilogue.None);
            }
        });

    private static GpuWork Depthwise()
    {
        ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(1, 56, 56, 128), new Shape(3, 3, 1, 128), (1, 1), Padding.All(1), (1, 1), 128);
        return Convolution("depthwise 128 3x3 @56", ProductKind.Forward, g) with { Variants = [], Kernels = static _ => ["DepthwiseKernels.Forward"] };
    }

    private static GpuWork Elementwise() => Flat("relu", new Shape(64, 112, 112, 8), 2, ["ElementwiseKernels.Activate<DeviceRelu>"], (device, x, y) => device.Elementwise.Activate(new Activation(ActivationKind.Relu, 0), x, y));

    private static GpuWork Normalization() => new(
        "batch-norm 8x56x56x256", 0, 2.0 * sizeof(float) * 8 * 56 * 56 * 256, [], static _ => ["NormalizationKernels.Normalize"], static device =>
        {
            Shape shape = new(8, 56, 56, 256), c = new(256);
            Tensor x = Values.Tensor(device, shape, 1), y = new(device, shape), mean = Values.Tensor(device, c, 2), variance = Tensor.Filled(device, c, 1), gamma = Values.Tensor(device, c, 3), beta = Values.Tensor(device, c, 4);
            return () => device.Normalization.Normalize(x, mean, variance, gamma, beta, 1e-5f, y);
        });

    private static GpuWork Moments() => new(
        "moments 8x56x56x256", 0, 2.0 * sizeof(float) * 8 * 56 * 56 * 256, [], static _ => ["ReductionKernels.ColumnSums<PlainTerm>", "ReductionKernels.ColumnSums<SquareTerm>"], static device =>
        {
            Tensor x = Values.Tensor(device, new Shape(8, 56, 56, 256), 1), mean = new(device, new Shape(256)), variance = new(device, new Shape(256));
            return () => device.Normalization.Moments(x, mean, variance);
        });

    private static GpuWork MaxPooling() => new(
        "max-pooling 3x3/2 8x112x112x64", 0, 1.25 * sizeof(float) * 8 * 112 * 112 * 64, [], static _ => ["PoolingKernels.Max"], static device =>
        {
            PoolingGeometry g = PoolingGeometry.Create(new Shape(8, 112, 112, 64), (3, 3), (2, 2), Padding.All(1), false);
            Tensor x = Values.Tensor(device, g.InShape, 1), y = new(device, g.OutShape);
            return () => device.Pooling.Max(g, x, y, null);
        });

    private static GpuWork Softmax() => new(
        "softmax 2048x1000", 0, 2.0 * sizeof(float) * 2048 * 1000, [], static _ => ["RowSoftmaxKernels.Forward<SoftmaxForm>"], static device =>
        {
            Tensor x = Values.Tensor(device, new Shape(2048, 1000), 1), y = new(device, new Shape(2048, 1000));
            return () => device.Reductions.Softmax(x, 2048, 1000, 1, y);
        });

    private static GpuWork Adam() => new(
        "adam 4194304", 0, 7.0 * sizeof(float) * (4 << 20), [], static _ => ["OptimizerKernels.Adam"], static device =>
        {
            Shape shape = new(4 << 20);
            Tensor p = Values.Tensor(device, shape, 1), g = Values.Tensor(device, shape, 2), m = Tensor.Zeros(device, shape), v = Tensor.Zeros(device, shape);
            AdamStep step = new(0.1f, 0.001f, 1e-3f, 1, 1e-8f, 1, 1);
            return () => device.Optimizers.Adam(step, p, g, m, v, null);
        });

    private static GpuWork Flat(string name, Shape shape, int arrays, string[] kernels, Action<GpuDevice, Tensor, Tensor> run) => new(
        $"{name} {string.Join('x', shape.ToArray())}", 0, arrays * (double)sizeof(float) * shape.Count, [], _ => kernels, device =>
        {
            Tensor x = Values.Tensor(device, shape, 1), y = new(device, shape);
            return () => run(device, x, y);
        });

    private static string[] Named(string tiled, string rows, KernelVariant? variant) => variant switch
    {
        KernelVariant.Rows16 => [$"RowProductKernels.Multiply<{rows}, SixByOne>", $"RowProductKernels.Pack<{tiled}>"],
        KernelVariant.Rows32 => [$"RowProductKernels.Multiply<{rows}, SixByTwo>", $"RowProductKernels.Pack<{tiled}>"],
        KernelVariant.Rows64 => [$"RowProductKernels.Multiply<{rows}, SixByFour>", $"RowProductKernels.Pack<{tiled}>"],
        KernelVariant.Winograd => ["WinogradKernels.TransformInput", "RowProductKernels.Multiply<StoredRows, SixByFour>", "WinogradKernels.TransformOutput"],
        _ => [$"ProductKernels.Tiled<{tiled}>"],
    };
}
