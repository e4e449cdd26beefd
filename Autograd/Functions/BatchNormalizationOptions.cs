namespace NativeFree.Autograd;

/// <summary>How a batch normalization computes. The defaults are Chainer's.</summary>
public sealed record BatchNormalizationOptions
{
    /// <summary>Added to the variance under the root. Chainer 2e-5, Keras layers 1e-3, Keras ResNets 1.001e-5.</summary>
    public float Epsilon { get; init; } = 2e-5f;

    /// <summary>The weight of the old value in running statistics (Keras: momentum). Chainer 0.9, Keras 0.99.</summary>
    public float Decay { get; init; } = 0.9f;

    /// <summary>Whether the running statistics are used, and left alone, on a training tape too.</summary>
    public bool Frozen { get; init; }

    /// <summary>Whether the running variance follows the batch's variance times m / max(m − 1, 1) (Chainer; tf.keras on images), or the variance as it is (Keras 3).</summary>
    public bool UnbiasedRunningVariance { get; init; } = true;
}
