namespace NativeFree.Kernels;

/// <summary>A convolution and its gradients as products: rows, columns and depth of one group of channels.</summary>
internal static class GpuProblems
{
    public static ProductShape Forward(ConvolutionGeometry g, ProductKind kind) =>
        new(kind, Pixels(g.OutShape), g.OutChannels / g.Groups, checked(Taps(g) * (g.InChannels / g.Groups)), g.Groups, Taps(g), g.StrideX);

    public static ProductShape InputGradient(ConvolutionGeometry g) =>
        new(ProductKind.InputGradient, Pixels(g.InShape), g.InChannels / g.Groups, checked(Taps(g) * (g.OutChannels / g.Groups)), g.Groups, Taps(g), g.StrideX);

    public static ProductShape FilterGradient(ConvolutionGeometry g) =>
        new(ProductKind.FilterGradient, checked(Taps(g) * (g.InChannels / g.Groups)), g.OutChannels / g.Groups, Pixels(g.OutShape), g.Groups, Taps(g), g.StrideX);

    /// <summary>Whether it is a product of pixels and channels as they lie: one tap, stride 1, no padding, one group.</summary>
    public static bool IsPlain(ConvolutionGeometry g) => Taps(g) == 1 && g.Groups == 1 && g.InHeight == g.OutHeight && g.InWidth == g.OutWidth && g.StrideX == 1 && g.StrideY == 1 && g.PadTop == 0 && g.PadLeft == 0;

    private static int Taps(ConvolutionGeometry g) => checked(g.KernelHeight * g.KernelWidth);

    private static int Pixels(Shape shape) => checked(shape[0] * shape[1] * shape[2]);
}
