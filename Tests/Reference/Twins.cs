namespace NativeFree.Tests.Reference;

/// <summary>The operators' definitions in double precision, written out as loops and nothing else. Everything fast is held against these.</summary>
internal static partial class Twins
{
    internal static Real Convolution(Real x, Real w, Real? b, (int Y, int X) stride, (int Top, int Left, int Bottom, int Right) pad, (int Y, int X) dilation, int groups)
    {
        int p0 = (x.Shape[1] + pad.Top + pad.Bottom - ((w.Shape[0] - 1) * dilation.Y) - 1) / stride.Y + 1, q0 = (x.Shape[2] + pad.Left + pad.Right - ((w.Shape[1] - 1) * dilation.X) - 1) / stride.X + 1;
        var y = new Real(x.Shape[0], p0, q0, w.Shape[3]);
        int inGroup = w.Shape[2], outGroup = w.Shape[3] / groups;
        Real.ForEach(y.Shape, at =>
        {
            double sum = b is null ? 0 : b[at[3]];
            Real.ForEach([w.Shape[0], w.Shape[1], inGroup], k =>
            {
                int h = (at[1] * stride.Y) - pad.Top + (k[0] * dilation.Y), c = (at[2] * stride.X) - pad.Left + (k[1] * dilation.X), i = (at[3] / outGroup * inGroup) + k[2];
                if (x.Holds(at[0], h, c, i))
                    sum += x[at[0], h, c, i] * w[k[0], k[1], k[2], at[3]];
            });
            y[at] = sum;
        });
        return y;
    }

    internal static Real Deconvolution(Real x, Real w, Real? b, (int Y, int X) stride, (int Top, int Left) pad, (int Y, int X) dilation, int groups, (int H, int W) size)
    {
        var y = new Real(x.Shape[0], size.H, size.W, w.Shape[2] * groups);
        int inGroup = x.Shape[3] / groups, outGroup = w.Shape[2];
        if (b is not null)
            Real.ForEach(y.Shape, at => y[at] = b[at[3]]);
        Real.ForEach(x.Shape, at => Real.ForEach([w.Shape[0], w.Shape[1], outGroup], k =>
        {
            int h = (at[1] * stride.Y) - pad.Top + (k[0] * dilation.Y), c = (at[2] * stride.X) - pad.Left + (k[1] * dilation.X), o = (at[3] / inGroup * outGroup) + k[2];
            if (y.Holds(at[0], h, c, o))
                y[at[0], h, c, o] += x[at] * w[k[0], k[1], k[2], at[3]];
        }));
        return y;
    }

    internal static Real Linear(Real x, Real w, Real? b)
    {
        var y = new Real(x.Shape[0], w.Shape[1]);
        Real.ForEach(y.Shape, at =>
        {
            double sum = b is null ? 0 : b[at[1]];
            for (int i = 0; i < w.Shape[0]; i++)
                sum += x.Values[(at[0] * w.Shape[0]) + i] * w[i, at[1]];
            y[at] = sum;
        });
        return y;
    }

    internal static Real BatchNormalization(Real x, Real gamma, Real beta, Real? fixedMean, Real? fixedVariance, double epsilon)
    {
        int channels = gamma.Shape[0], rows = x.Values.Length / channels;
        Real y = x.Map(value => value);
        for (int c = 0; c < channels; c++)
        {
            double mean = fixedMean?[c] ?? 0, variance = fixedVariance?[c] ?? 0;
            if (fixedMean is null)
            {
                for (int row = 0; row < rows; row++)
                    mean += x.Values[(row * channels) + c] / rows;
                for (int row = 0; row < rows; row++)
                    variance += Math.Pow(x.Values[(row * channels) + c] - mean, 2) / rows;
            }
            for (int row = 0; row < rows; row++)
                y.Values[(row * channels) + c] = ((x.Values[(row * channels) + c] - mean) / Math.Sqrt(variance + epsilon) * gamma[c]) + beta[c];
        }
        return y;
    }

    internal static Real LocalResponse(Real x, int n, double k, double alpha, double beta)
    {
        var y = new Real(x.Shape);
        int channels = x.Shape[^1];
        for (int i = 0; i < x.Values.Length; i++)
        {
            int c = i % channels;
            double sum = 0;
            for (int j = Math.Max(0, c - (n / 2)); j <= Math.Min(channels - 1, c + (n / 2)); j++)
                sum += x.Values[i - c + j] * x.Values[i - c + j];
            y.Values[i] = x.Values[i] / Math.Pow(k + (alpha * sum), beta);
        }
        return y;
    }
}
