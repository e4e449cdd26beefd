using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>
/// y = (x − mean) / √(variance + ε) · gamma + beta per channel (the last axis). In inference mean and variance are the running averages avg_mean and avg_var; in training they are the batch's own (variance biased), and
/// the averages move: avg ← decay·avg + (1 − decay)·batch. x float32 [N, H, W, C] or [N, C]; all four vectors [C]. Ioffe and Szegedy, arXiv:1502.03167.
/// </summary>
public sealed class BatchNormalization : Layer
{
    private BatchNormalizationOptions options;

    /// <summary>Describes the layer. The defaults are Chainer's; Keras has ε 1e-3 and decay 0.99.</summary>
    /// <param name="channels">C.</param>
    /// <param name="epsilon">ε, added to the variance.</param>
    /// <param name="decay">Weight of the old average, 0 to 1.</param>
    /// <param name="unbiasedVariance">Whether the running variance follows the batch's variance times m / max(m − 1, 1), as in Chainer and in tf.keras on images, or the variance as it is, as in Keras 3.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="channels"/> is below 1, <paramref name="epsilon"/> not positive, or <paramref name="decay"/> outside 0..1.</exception>
    public BatchNormalization(int channels, float epsilon = 2e-5f, float decay = 0.9f, bool unbiasedVariance = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (!(epsilon > 0))
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "BatchNormalization: epsilon is positive.");
        if (!(decay is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "BatchNormalization: decay is 0 to 1.");
        options = new BatchNormalizationOptions { Epsilon = epsilon, Decay = decay, UnbiasedRunningVariance = unbiasedVariance };
        Gamma = AddParameter("gamma", new Shape(channels), Initializer.One);
        Beta = AddParameter("beta", new Shape(channels), Initializer.Zero);
        Mean = AddStatistic("avg_mean", new Shape(channels), 0);
        Variance = AddStatistic("avg_var", new Shape(channels), 1);
    }

    /// <summary>ε.</summary>
    public float Epsilon => options.Epsilon;

    /// <summary>Weight of the old running average.</summary>
    public float Decay { get => options.Decay; set => options = options with { Decay = value }; }

    /// <summary>Whether the running variance follows the unbiased variance of the batch; tf.keras and Keras 3 differ, and weight files do not tell.</summary>
    public bool UnbiasedVariance { get => options.UnbiasedRunningVariance; set => options = options with { UnbiasedRunningVariance = value }; }

    /// <summary>Scale, [C].</summary>
    public Parameter Gamma { get; }

    /// <summary>Offset, [C].</summary>
    public Parameter Beta { get; }

    /// <summary>Running mean, [C].</summary>
    public Statistic Mean { get; }

    /// <summary>Running variance, [C].</summary>
    public Statistic Variance { get; }

    /// <summary>Chainer's N, the number of calls in its finetune mode. Nothing computes with it; it is kept so that a file comes back whole.</summary>
    public long FinetuneCalls { get; set; }

    /// <summary>Whether training uses the running averages, as inference does, and leaves them alone. Separate from freezing gamma and beta.</summary>
    public bool FrozenStatistics { get => options.Frozen; set => options = options with { Frozen = value }; }

    /// <summary>max(this(x) + shortcut, 0) in one pass.</summary>
    internal Variable AddRelu(Variable x, Variable shortcut)
    {
        using LayerPath.Step step = Enter();
        Initialize();
        OutputShape(x.Shape);
        return F.NormalizeAddRelu(x, Gamma, Beta, Mean.Value, Variance.Value, shortcut, options);
    }

    /// <summary>max(this(x), 0) in one pass.</summary>
    internal Variable Relu(Variable x)
    {
        using LayerPath.Step step = Enter();
        Initialize();
        OutputShape(x.Shape);
        return F.NormalizeRelu(x, Gamma, Beta, Mean.Value, Variance.Value, options);
    }

    /// <inheritdoc/>
    protected override Variable Compute(Variable x)
    {
        OutputShape(x.Shape);
        return F.BatchNormalization(x, Gamma, Beta, Mean.Value, Variance.Value, options);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x)
    {
        if (x.Rank < 2 || x[-1] != Mean.Shape[0])
            throw new ShapeException($"BatchNormalization: the last axis has {Mean.Shape[0]} channels; x = {x}.");
        return x;
    }
}
