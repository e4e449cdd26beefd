namespace NativeFree.Autograd;

/// <summary>Something done to all gradients together before an update.</summary>
public abstract class GradientHook
{
    /// <summary>Changes the gradients of <paramref name="parameters"/>, all of which have one.</summary>
    public abstract void Apply(IReadOnlyList<Parameter> parameters);
}

/// <summary>g += rate·p, for every parameter, biases and batch normalization included (Chainer's hook; an L2 penalty of rate/2·Σ p²).</summary>
/// <param name="rate">The weight of the parameter in its gradient.</param>
public sealed class WeightDecay(float rate) : GradientHook
{
    /// <inheritdoc/>
    public override void Apply(IReadOnlyList<Parameter> parameters)
    {
        ParameterRuns.ForEach(parameters, (p, g) => p.Device.Elementwise.Combine(1, g, rate, p, g));
    }
}

/// <summary>g *= min(1, threshold / ‖all g‖₂): the norm of all gradients together is at most the threshold.</summary>
public sealed class GradientNormClipping : GradientHook
{
    private readonly double threshold;

    /// <summary>Creates the hook.</summary>
    /// <param name="threshold">The largest norm; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public GradientNormClipping(double threshold)
    {
        if (!(threshold > 0))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "GradientNormClipping: the threshold is positive.");
        this.threshold = threshold;
    }

    /// <inheritdoc/>
    public override void Apply(IReadOnlyList<Parameter> parameters)
    {
        double squares = 0;
        // What lies between neighbours is zeros.
        ParameterRuns.ForEach(parameters, (_, g) => squares += g.Device.Reductions.Dot(g, g));
        double factor = threshold / Math.Sqrt(squares);
        if (!(factor < 1))
            return;
        ParameterRuns.ForEach(parameters, (p, g) => p.Device.Elementwise.Scale((float)factor, g, g));
    }
}

/// <summary>Every element of every gradient is brought into −limit … limit.</summary>
public sealed class GradientValueClipping : GradientHook
{
    private readonly float limit;

    /// <summary>Creates the hook.</summary>
    /// <param name="limit">The largest magnitude; positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not positive.</exception>
    public GradientValueClipping(float limit)
    {
        if (!(limit > 0))
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "GradientValueClipping: the limit is positive.");
        this.limit = limit;
    }

    /// <inheritdoc/>
    public override void Apply(IReadOnlyList<Parameter> parameters)
    {
        ParameterRuns.ForEach(parameters, (p, g) => p.Device.Elementwise.Clamp(g, -limit, limit, g));
    }
}
