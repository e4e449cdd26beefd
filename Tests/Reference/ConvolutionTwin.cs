using NativeFree.Kernels;

namespace NativeFree.Tests.Reference;

/// <summary>Convolution and its gradients written out in double precision, seven plain loops, channels last. Magnitude is the same sum over absolute values: what rounding errors are measured against.</summary>
internal static class ConvolutionTwin
{
    public static (double[] Value, double[] Magnitude) Forward(ConvolutionGeometry g, float[] x, float[] w) => Visit(g, g.OutShape.Count, (y, at) => (y, x[at.X] * (double)w[at.W], at.Y));

    public static (double[] Value, double[] Magnitude) BackwardInput(ConvolutionGeometry g, float[] gy, float[] w) => Visit(g, g.InShape.Count, (gx, at) => (gx, gy[at.Y] * (double)w[at.W], at.X));

    public static (double[] Value, double[] Magnitude) BackwardFilter(ConvolutionGeometry g, float[] x, float[] gy) => Visit(g, g.FilterShape.Count, (gw, at) => (gw, x[at.X] * (double)gy[at.Y], at.W));

    private static (double[] Value, double[] Magnitude) Visit(ConvolutionGeometry g, long count, Func<double[], (int X, int W, int Y), (double[] Target, double Term, int At)> term)
    {
        double[] value = new double[count], magnitude = new double[count];
        int inGroup = g.InChannels / g.Groups, outGroup = g.OutChannels / g.Groups;
        for (int n = 0; n < g.Batch; n++)
        for (int p = 0; p < g.OutHeight; p++)
        for (int q = 0; q < g.OutWidth; q++)
        for (int o = 0; o < g.OutChannels; o++)
        for (int r = 0; r < g.KernelHeight; r++)
        for (int s = 0; s < g.KernelWidth; s++)
        for (int i = 0; i < inGroup; i++)
        {
            int h = (p * g.StrideY) - g.PadTop + (r * g.DilationY), c = (q * g.StrideX) - g.PadLeft + (s * g.DilationX);
            if (h < 0 || h >= g.InHeight || c < 0 || c >= g.InWidth)
                continue;
            int atX = (((((n * g.InHeight) + h) * g.InWidth) + c) * g.InChannels) + (o / outGroup * inGroup) + i;
            int atW = (((((r * g.KernelWidth) + s) * inGroup) + i) * g.OutChannels) + o;
            int atY = (((((n * g.OutHeight) + p) * g.OutWidth) + q) * g.OutChannels) + o;
            (double[] target, double t, int at) = term(value, (atX, atW, atY));
            target[at] += t;
            magnitude[at] += Math.Abs(t);
        }
        return (value, magnitude);
    }
}
