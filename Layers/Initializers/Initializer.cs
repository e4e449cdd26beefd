namespace NativeFree.Layers;

/// <summary>
/// What a parameter holds before training. fanIn is the number of inputs that one output sums over (kernel area · input channels), fanOut the number of outputs that one input feeds. Values depend on the root's
/// <see cref="Layer.Seed"/> and the parameter's path alone.
/// </summary>
public abstract class Initializer
{
    private protected Initializer()
    {
    }

    /// <summary>All zero: biases, running means.</summary>
    public static Initializer Zero { get; } = Constant(0);

    /// <summary>All one: the scale of a batch norm.</summary>
    public static Initializer One { get; } = Constant(1);

    /// <summary>Normal with standard deviation √(1 / fanIn). Chainer's default. LeCun et al., Efficient BackProp, 1998.</summary>
    public static Initializer LeCunNormal { get; } = new NormalInitializer(static (fanIn, _) => Math.Sqrt(1.0 / fanIn));

    /// <summary>Normal with standard deviation √(2 / fanIn), not truncated: Chainer's HeNormal. He et al., arXiv:1502.01852.</summary>
    public static Initializer HeNormal { get; } = new NormalInitializer(static (fanIn, _) => Math.Sqrt(2.0 / fanIn));

    /// <summary>Normal with standard deviation √(2 / (fanIn + fanOut)). Glorot and Bengio, AISTATS 2010.</summary>
    public static Initializer GlorotNormal { get; } = new NormalInitializer(static (fanIn, fanOut) => Math.Sqrt(2.0 / (fanIn + fanOut)));

    /// <summary>
    /// Keras's he_normal: a normal cut off at ±2σ, where σ = √(2 / fanIn) / 0.87962566103423978, so that the standard deviation after the cut is √(2 / fanIn).
    /// </summary>
    public static Initializer TruncatedHeNormal { get; } = new TruncatedNormalInitializer(static (fanIn, _) => Math.Sqrt(2.0 / fanIn));

    /// <summary>Uniform in ±√(3 / fanIn).</summary>
    public static Initializer LeCunUniform { get; } = new UniformInitializer(static (fanIn, _) => Math.Sqrt(3.0 / fanIn));

    /// <summary>Uniform in ±√(6 / fanIn).</summary>
    public static Initializer HeUniform { get; } = new UniformInitializer(static (fanIn, _) => Math.Sqrt(6.0 / fanIn));

    /// <summary>Uniform in ±√(6 / (fanIn + fanOut)). Keras's default.</summary>
    public static Initializer GlorotUniform { get; } = new UniformInitializer(static (fanIn, fanOut) => Math.Sqrt(6.0 / (fanIn + fanOut)));

    /// <summary>Everywhere <paramref name="value"/>.</summary>
    public static Initializer Constant(float value) => new ConstantInitializer(value);

    /// <summary>Normal with mean 0 and the given standard deviation.</summary>
    public static Initializer Normal(double deviation) => new NormalInitializer((_, _) => deviation);

    internal abstract void Fill(Span<float> values, long fanIn, long fanOut, RandomSequence random);

    private sealed class ConstantInitializer(float value) : Initializer
    {
        internal override void Fill(Span<float> values, long fanIn, long fanOut, RandomSequence random) => values.Fill(value);
    }

    private sealed class UniformInitializer(Func<long, long, double> limit) : Initializer
    {
        internal override void Fill(Span<float> values, long fanIn, long fanOut, RandomSequence random)
        {
            double bound = limit(fanIn, fanOut);
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)(((2 * random.Uniform(i)) - 1) * bound);
        }
    }

    private sealed class NormalInitializer(Func<long, long, double> deviation) : Initializer
    {
        internal override void Fill(Span<float> values, long fanIn, long fanOut, RandomSequence random)
        {
            double sigma = deviation(fanIn, fanOut);
            for (int i = 0; i < values.Length; i += 2)
            {
                (double first, double second) = random.Normals(i / 2);
                values[i] = (float)(first * sigma);
                if (i + 1 < values.Length)
                    values[i + 1] = (float)(second * sigma);
            }
        }
    }

    private sealed class TruncatedNormalInitializer(Func<long, long, double> deviation) : Initializer
    {
        // Standard deviation of a standard normal cut off at ±2.
        private const double AfterCut = 0.87962566103423978;

        internal override void Fill(Span<float> values, long fanIn, long fanOut, RandomSequence random)
        {
            double sigma = deviation(fanIn, fanOut) / AfterCut;
            long pair = 0;
            for (int i = 0; i < values.Length;)
            {
                (double first, double second) = random.Normals(pair++);
                if (Math.Abs(first) <= 2)
                    values[i++] = (float)(first * sigma);
                if (i < values.Length && Math.Abs(second) <= 2)
                    values[i++] = (float)(second * sigma);
            }
        }
    }
}
