namespace NativeFree.Kernels;

/// <summary>
/// For every output position of one axis: which input positions it reads and with what weight, as Pillow computes them for 8-bit images.
/// Weights are integers of <see cref="Bits"/> fractional bits, rounded half away from zero after normalising their sum to 1 in double
/// precision.
/// Source: Pillow's Resample.c, whose numbers these are, bit for bit.
/// </summary>
internal sealed class ResizeWeights
{
    /// <summary>32 bits less 8 for the pixel less 2 for weights above 1 and the sign.</summary>
    internal const int Bits = 22;

    private ResizeWeights(int[] first, int[] count, int[] weights, int stride) => (First, Count, Weights, Stride) = (first, count, weights, stride);

    /// <summary>First input position of each output position.</summary>
    internal int[] First { get; }

    /// <summary>Number of input positions of each output position.</summary>
    internal int[] Count { get; }

    /// <summary>[outputs, Stride]; row o holds Count[o] weights, then zeros.</summary>
    internal int[] Weights { get; }

    /// <summary>The largest count that can occur.</summary>
    internal int Stride { get; }

    /// <summary>
    /// Scale s = input/output; output o is centred on c = (o + ½)·s and reads x with |x + ½ − c| within the filter's support times max(s,
    /// 1).
    /// </summary>
    internal static ResizeWeights Create(int input, int output, ResizeFilter filter)
    {
        double scale = (double)input / output;
        double filterScale = Math.Max(scale, 1);
        double support = Support(filter) * filterScale;
        int stride = (int)Math.Min(((int)Math.Ceiling(support) * 2L) + 1, input);
        if ((long)output * stride > Array.MaxLength)
        {
            throw new ShapeException(
                $"ImageResize: {input} to {output} with {filter} needs {(long)output * stride} weights, more than an array holds; resize in two steps");
        }

        int[] first = new int[output], count = new int[output], weights = new int[output * stride];
        double[] exact = new double[stride];
        for (int o = 0; o < output; o++)
        {
            double center = (o + 0.5) * scale;
            int low = Math.Max((int)(center - support + 0.5), 0);
            int taps = Math.Min((int)(center + support + 0.5), input) - low;
            double sum = 0;
            for (int k = 0; k < taps; k++)
            {
                exact[k] = Value(filter, (k + low - center + 0.5) * (1.0 / filterScale));
                sum += exact[k];
            }

            (first[o], count[o]) = (low, taps);
            for (int k = 0; k < taps; k++)
            {
                double weight = (sum != 0 ? exact[k] / sum : exact[k]) * (1 << Bits);
                weights[(o * stride) + k] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
            }
        }

        return new ResizeWeights(first, count, weights, stride);
    }

    private static double Support(ResizeFilter filter) => filter switch
    {
        ResizeFilter.Bilinear => 1,
        ResizeFilter.Bicubic => 2,
        ResizeFilter.Lanczos => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "ImageResize: unknown filter"),
    };

    private static double Value(ResizeFilter filter, double t)
    {
        double a = Math.Abs(t);
        return filter switch
        {
            ResizeFilter.Bilinear => a < 1 ? 1 - a : 0,
            // Keys' two pieces in Horner form, in the order of operations that the weights' last bits depend on; −0.5 is Keys' a.
            ResizeFilter.Bicubic => a < 1 ? ((((-0.5 + 2) * a) - (-0.5 + 3)) * a * a) + 1 : a < 2 ? ((((a - 5) * a + 8) * a) - 4) * -0.5 : 0,
            _ => a < 3 ? Sinc(a) * Sinc(a / 3) : 0,
        };
    }

    private static double Sinc(double t) => t == 0 ? 1 : Math.Sin(t * Math.PI) / (t * Math.PI);
}
