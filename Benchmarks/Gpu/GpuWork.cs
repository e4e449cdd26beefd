using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>A piece of work that kernels of the GPU family do: its operands lie on the device, running it queues the work.</summary>
/// <param name="Name">For people and for --only.</param>
/// <param name="Flops">Operations, or 0 where bytes are the limit.</param>
/// <param name="Bytes">Bytes that must move at least, or 0 where operations are the limit.</param>
/// <param name="Variants">What can compute it; empty where there is one way.</param>
/// <param name="Kernels">Parts of the names of the kernels that a variant runs.</param>
/// <param name="Make">Puts operands on the device, with the variant chosen, and gives what runs the work once and what is due then.</param>
internal sealed record GpuWork(string Name, double Flops, double Bytes, IReadOnlyList<KernelVariant> Variants, Func<KernelVariant?, IReadOnlyList<string>> Kernels, Func<GpuDevice, GpuTask> Make)
{
    private static readonly KernelVariant[] Products = [KernelVariant.Tiled, KernelVariant.Rows16, KernelVariant.Rows32, KernelVariant.Rows64];
    private static readonly KernelVariant[] PreparedProducts = [.. Products, KernelVariant.Winograd];

    /// <summary>64 → 64 channels, 3×3, 56², one image: the shape of the comparison with CLBlast.</summary>
    public static ConvolutionGeometry Yardstick { get; } = ConvolutionGeometry.Create(new Shape(1, 56, 56, 64), new Shape(3, 3, 64, 64), (1, 1), Padding.All(1), (1, 1), 1);

    /// <summary>What <c>bench kernel</c> measures: for each family of kernels its own pieces of work.</summary>
    public static IReadOnlyList<GpuWork> All { get; } =
    [
        Product(512), Product(1024),
        Convolution("conv", ProductKind.Prepared), Convolution("conv-eager", ProductKind.Forward), Convolution("conv-input-gradient", ProductKind.InputGradient), Convolution("conv-filter-gradient", ProductKind.FilterGradient),
        .. FamilyWork.All,
    ];

    /// <summary>[n,n]·[n,n].</summary>
    public static GpuWork Product(int n) => new(
        $"sgemm {n}", 2.0 * n * n * n, 0, Products, variant => Named("PlainProduct", "StoredRows", variant), device =>
        {
            Tensor a = Values.Tensor(device, new Shape(n, n), 1), b = Values.Tensor(device, new Shape(n, n), 2), y = new(device, new Shape(n, n));
            float[] left = a.ToArray(), right = b.ToArray();
            return new(
                () => device.MatrixMultiply.Multiply(a, false, b, false, y, Epilogue.None),
                new DueResult(y, at => Enumerable.Range(0, n).Sum(k => (double)left[(at / n * n) + k] * right[(k * n) + (at % n)])));
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
            ConvolutionOperands t = new(device, g);
            switch (kind)
            {
                case ProductKind.InputGradient:
                    return t.InputGradient();
                case ProductKind.FilterGradient:
                    return t.FilterGradient();
                case ProductKind.Prepared:
                    PreparedConvolution prepared = device.Convolution.Prepare(g, t.W, null, false, false, g.OutChannels);
                    return t.Forward(() => prepared.Run(t.X, t.Y, 0, null));
                default:
                    return t.Forward(() => device.Convolution.Forward(g, t.X, t.W, t.Y, Epilogue.None));
            }
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
