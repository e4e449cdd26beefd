namespace NativeFree.Kernels;

/// <summary>Functions of one element, all non-decreasing, so that their slope follows from their value.</summary>
public enum ActivationKind
{
    /// <summary>max(x, 0); slope 0 at 0.</summary>
    Relu,

    /// <summary>x where x &gt; 0, else slope·x; slope at 0 is that of the negative side.</summary>
    LeakyRelu,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>(eˣ − e⁻ˣ) / (eˣ + e⁻ˣ).</summary>
    Tanh,
}

/// <summary>An activation function with its parameter.</summary>
/// <param name="Kind">The function.</param>
/// <param name="Slope">Of <see cref="ActivationKind.LeakyRelu"/> below 0: finite, not negative.</param>
public readonly record struct Activation(ActivationKind Kind, float Slope = 0);
