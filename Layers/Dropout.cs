using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>In training y = x / (1 − ratio), with each element set to 0 with probability ratio; in inference y = x. Srivastava et al., JMLR 15 (2014).</summary>
public sealed class Dropout : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="ratio">Probability of dropping an element, 0 to below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ratio"/> is outside that range.</exception>
    public Dropout(float ratio)
    {
        if (!(ratio is >= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "Dropout: the ratio is 0 or more and below 1.");
        Ratio = ratio;
    }

    /// <summary>Probability of dropping an element.</summary>
    public float Ratio { get; }

    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => F.Dropout(x, Ratio);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x) => x;
}
