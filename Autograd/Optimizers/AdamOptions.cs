namespace NativeFree.Autograd;

/// <summary>The numbers of <see cref="Adam"/>. The defaults are Chainer's; Keras's differ in <see cref="Epsilon"/>.</summary>
public sealed record AdamOptions
{
    /// <summary>The weight of the old first moment.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>The weight of the old second moment.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the second moment. Chainer 1e-8, Keras 1e-7 (in 2.1.2 and before 1e-8).</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Multiplies the whole step, decoupled decay included.</summary>
    public double Eta { get; init; } = 1;

    /// <summary>Chainer's decoupled decay: p is multiplied by 1 − eta·rate, without the learning rate.</summary>
    public double WeightDecayRate { get; init; }

    /// <summary>Whether the running maximum of the second moment takes its place.</summary>
    public bool AmsGrad { get; init; }
}
