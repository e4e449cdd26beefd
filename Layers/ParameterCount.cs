namespace NativeFree.Layers;

/// <summary>How many numbers a layer holds.</summary>
/// <param name="Trainable">Parameters that an optimizer may move.</param>
/// <param name="Frozen">Parameters that it may not.</param>
/// <param name="Statistics">Running means and variances. Keras counts them as non-trainable parameters, Chainer does not count them.</param>
public readonly record struct ParameterCount(long Trainable, long Frozen, long Statistics)
{
    /// <summary>Sums part by part.</summary>
    public static ParameterCount operator +(ParameterCount a, ParameterCount b) => new(a.Trainable + b.Trainable, a.Frozen + b.Frozen, a.Statistics + b.Statistics);
}
