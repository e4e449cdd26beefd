using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>Single values of a convolution and its gradients in double precision, straight from the formula of <see cref="ConvolutionGeometry"/>.</summary>
internal static class ConvolutionReference
{
    /// <summary>y at a flat index, before bias and ReLU.</summary>
    public static double Forward(ConvolutionGeometry g, Tensor x, Tensor w, int index)
    {
        (int n, int p, int q, int o) = Split(g.OutShape, index);
        int first = FirstInput(g, o);
        double sum = 0;
        for (int r = 0; r < g.KernelHeight; r++)
        {
            for (int s = 0; s < g.KernelWidth; s++)
            {
                int h = (p * g.StrideY) - g.PadTop + r, v = (q * g.StrideX) - g.PadLeft + s;
                for (int i = 0; i < InGroup(g) && Inside(g, h, v); i++)
                    sum += (double)At(x, n, h, v, first + i) * At(w, r, s, i, o);
            }
        }
        return sum;
    }

    /// <summary>gx at a flat index.</summary>
    public static double InputGradient(ConvolutionGeometry g, Tensor gy, Tensor w, int index)
    {
        (int n, int h, int v, int i) = Split(g.InShape, index);
        int outputs = g.OutChannels / g.Groups, first = i / InGroup(g) * outputs;
        double sum = 0;
        for (int r = 0; r < g.KernelHeight; r++)
        {
            for (int s = 0; s < g.KernelWidth; s++)
            {
                (int p, int pRest) = Math.DivRem(h + g.PadTop - r, g.StrideY);
                (int q, int qRest) = Math.DivRem(v + g.PadLeft - s, g.StrideX);
                bool reached = pRest == 0 && qRest == 0 && p >= 0 && q >= 0 && p < g.OutHeight && q < g.OutWidth;
                for (int o = first; o < first + outputs && reached; o++)
                    sum += (double)At(gy, n, p, q, o) * At(w, r, s, i % InGroup(g), o);
            }
        }
        return sum;
    }

    /// <summary>gw at a flat index.</summary>
    public static double FilterGradient(ConvolutionGeometry g, Tensor x, Tensor gy, int index)
    {
        (int r, int s, int i, int o) = Split(g.FilterShape, index);
        double sum = 0;
        for (int n = 0; n < g.Batch; n++)
        {
            for (int p = 0; p < g.OutHeight; p++)
            {
                for (int q = 0; q < g.OutWidth; q++)
                {
                    int h = (p * g.StrideY) - g.PadTop + r, v = (q * g.StrideX) - g.PadLeft + s;
                    if (Inside(g, h, v))
                        sum += (double)At(x, n, h, v, FirstInput(g, o) + i) * At(gy, n, p, q, o);
                }
            }
        }
        return sum;
    }

    private static int InGroup(ConvolutionGeometry g) => g.InChannels / g.Groups;

    // Of the group that output channel o belongs to.
    private static int FirstInput(ConvolutionGeometry g, int o) => o / (g.OutChannels / g.Groups) * InGroup(g);

    private static bool Inside(ConvolutionGeometry g, int h, int v) => h >= 0 && v >= 0 && h < g.InHeight && v < g.InWidth;

    /// <summary>The place of a flat index in a shape of rank 4.</summary>
    public static (int A, int B, int C, int D) Split(Shape shape, int index) =>
        (index / shape[3] / shape[2] / shape[1], index / shape[3] / shape[2] % shape[1], index / shape[3] % shape[2], index % shape[3]);

    private static float At(Tensor t, int a, int b, int c, int d) => t.Span[(((((a * t.Shape[1]) + b) * t.Shape[2]) + c) * t.Shape[3]) + d];
}
