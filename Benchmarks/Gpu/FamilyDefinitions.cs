using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>
/// What the families' pieces of work have to compute, a value at a time, written down as the interfaces of Kernels define it. Arrays are x, then gy or what else is read, as <see cref="FamilyWork"/> makes them; <c>i</c> is a flat index of the result,
/// channels last.
/// </summary>
internal static class FamilyDefinitions
{
    public const float Epsilon = 1e-5f;
    public const int Window = 5;
    public const float K = 1, Alpha = 1e-4f, Beta = 0.75f;

    // Numbers of the vectors over channels.
    public const int Mean = 0, Variance = 1, Gamma = 2, Shift = 3, GammaGradient = 4, ShiftGradient = 5;

    public static double Relu(float[][] t, float[][] c, int i) => Math.Max(t[0][i], 0);

    public static double Normalize(float[][] t, float[][] c, int i) => (Hat(t, c, i) * c[Gamma][Channel(c, i)]) + c[Shift][Channel(c, i)];

    public static double MeanOf(float[][] t, float[][] c, int channel) => Column(t, c, channel).Average(i => (double)t[0][i]);

    public static double VarianceOf(float[][] t, float[][] c, int channel)
    {
        double mean = MeanOf(t, c, channel);
        return Column(t, c, channel).Average(i => (t[0][i] - mean) * (t[0][i] - mean));
    }

    public static double GammaGradientOf(float[][] t, float[][] c, int channel) => Column(t, c, channel).Sum(i => t[1][i] * Hat(t, c, i));

    public static double ShiftGradientOf(float[][] t, float[][] c, int channel) => Column(t, c, channel).Sum(i => (double)t[1][i]);

    public static double BackwardBatch(float[][] t, float[][] c, int i)
    {
        int channel = Channel(c, i), rows = t[0].Length / c[0].Length;
        return c[Gamma][channel] / Deviation(c, channel) * (t[1][i] - (((Hat(t, c, i) * c[GammaGradient][channel]) + c[ShiftGradient][channel]) / rows));
    }

    public static double ResidualEnd(float[][] t, float[][] c, int i) => Math.Max(Normalize(t, c, i) + t[1][i], 0);

    public static double ShortcutGradient(float[][] t, float[][] c, int i) => t[0][i] > 0 ? t[1][i] : 0;

    public static double ResidualGradient(float[][] t, float[][] c, int i) => c[Gamma][Channel(c, i)] / Deviation(c, Channel(c, i)) * ShortcutGradient(t, c, i);

    public static double LocalResponse(float[][] t, float[][] c, int i) => t[0][i] * Math.Pow(ResponseBase(t[0], c, i), -Beta);

    public static double LocalResponseBackward(float[][] t, float[][] c, int i) =>
        (t[1][i] * Math.Pow(ResponseBase(t[0], c, i), -Beta)) - (2 * Alpha * Beta * t[0][i] * ResponseWindow(c, i).Sum(j => t[1][j] * (double)t[0][j] * Math.Pow(ResponseBase(t[0], c, j), -Beta - 1)));

    public static double RowSum(float[][] t, float[][] c, int row) => Row(c, row * c[0].Length).Sum(i => (double)t[0][i]);

    public static double Softmax(float[][] t, float[][] c, int i) => Math.Exp(t[0][i]) / Row(c, i).Sum(j => Math.Exp(t[0][j]));

    public static double SoftmaxBackward(float[][] t, float[][] c, int i) => t[0][i] * (t[1][i] - Row(c, i).Sum(j => (double)t[1][j] * t[0][j]));

    public static double MaxPooling(PoolingGeometry g, float[] x, int i) => Pixels(g, i).Max(pixel => x[pixel.Index]);

    /// <summary>With one argument for all windows.</summary>
    public static double MaxPoolingBackward(PoolingGeometry g, float[] gy, int argument, int i) => Windows(g, i).Where(window => window.Element == argument).Sum(window => (double)gy[window.Index]);

    public static double AveragePooling(PoolingGeometry g, float[] x, int i) => Pixels(g, i).Sum(pixel => (double)x[pixel.Index]) / (g.KernelHeight * g.KernelWidth);

    public static double AveragePoolingBackward(PoolingGeometry g, float[] gy, int i) => Windows(g, i).Sum(window => (double)gy[window.Index]) / (g.KernelHeight * g.KernelWidth);

    public static double Nearest(Shape small, Shape large, float[] x, int i)
    {
        (int n, int p, int q, int channel) = ConvolutionReference.Split(large, i);
        return x[Flat(small, n, p * small[1] / large[1], q * small[2] / large[2], channel)];
    }

    public static double NearestBackward(Shape small, Shape large, float[] gy, int i) => Resized(small, large, gy, i, static (at, inputs, outputs, input) => at * inputs / outputs == input ? 1 : 0);

    public static double Bilinear(Shape small, Shape large, float[] x, int i)
    {
        (int n, int p, int q, int channel) = ConvolutionReference.Split(large, i);
        double sum = 0;
        for (int h = 0; h < small[1]; h++)
        {
            for (int w = 0; w < small[2]; w++)
                sum += Hat(p, small[1], large[1], h) * Hat(q, small[2], large[2], w) * x[Flat(small, n, h, w, channel)];
        }
        return sum;
    }

    public static double BilinearBackward(Shape small, Shape large, float[] gy, int i) => Resized(small, large, gy, i, Hat);

    private static double Resized(Shape small, Shape large, float[] gy, int i, Func<int, int, int, int, double> weight)
    {
        (int n, int h, int w, int channel) = ConvolutionReference.Split(small, i);
        double sum = 0;
        for (int p = 0; p < large[1]; p++)
        {
            for (int q = 0; q < large[2]; q++)
                sum += weight(p, small[1], large[1], h) * weight(q, small[2], large[2], w) * gy[Flat(large, n, p, q, channel)];
        }
        return sum;
    }

    // The weight of an input in an output of the interpolation.
    private static double Hat(int at, int inputs, int outputs, int input) => Math.Max(0, 1 - Math.Abs(Math.Clamp(((at + 0.5) * inputs / outputs) - 0.5, 0, inputs - 1) - input));

    // The pixels under the window of an output.
    private static IEnumerable<(int Element, int Index)> Pixels(PoolingGeometry g, int i)
    {
        (int n, int p, int q, int channel) = ConvolutionReference.Split(g.OutShape, i);
        for (int element = 0; element < g.KernelHeight * g.KernelWidth; element++)
        {
            int h = (p * g.StrideY) - g.PadTop + (element / g.KernelWidth), w = (q * g.StrideX) - g.PadLeft + (element % g.KernelWidth);
            if (h >= 0 && w >= 0 && h < g.InHeight && w < g.InWidth)
                yield return (element, Flat(g.InShape, n, h, w, channel));
        }
    }

    // The outputs whose window holds a pixel, and as which of its elements.
    private static IEnumerable<(int Element, int Index)> Windows(PoolingGeometry g, int i)
    {
        (int n, _, _, int channel) = ConvolutionReference.Split(g.InShape, i);
        return from p in Enumerable.Range(0, g.OutHeight)
               from q in Enumerable.Range(0, g.OutWidth)
               let output = Flat(g.OutShape, n, p, q, channel)
               from pixel in Pixels(g, output)
               where pixel.Index == i
               select (pixel.Element, output);
    }

    private static double Hat(float[][] t, float[][] c, int i) => (t[0][i] - (double)c[Mean][Channel(c, i)]) / Deviation(c, Channel(c, i));

    private static double Deviation(float[][] c, int channel) => Math.Sqrt((double)c[Variance][channel] + Epsilon);

    private static double ResponseBase(float[] x, float[][] c, int i) => K + (Alpha * ResponseWindow(c, i).Sum(j => (double)x[j] * x[j]));

    private static IEnumerable<int> ResponseWindow(float[][] c, int i) => Row(c, i).Where(j => Math.Abs(j - i) <= Window / 2);

    private static IEnumerable<int> Row(float[][] c, int i) => Enumerable.Range(i - Channel(c, i), c[0].Length);

    private static IEnumerable<int> Column(float[][] t, float[][] c, int channel) => Enumerable.Range(0, t[0].Length / c[0].Length).Select(row => (row * c[0].Length) + channel);

    private static int Channel(float[][] c, int i) => i % c[0].Length;

    private static int Flat(Shape shape, int n, int h, int w, int channel) => (((((n * shape[1]) + h) * shape[2]) + w) * shape[3]) + channel;
}
