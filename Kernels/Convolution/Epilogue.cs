namespace NativeFree.Kernels;

/// <summary>
/// What happens to a product before it is stored, while it is still in registers: + bias per channel, + addend element by element, then max(·, 0). Each part may be absent.
/// </summary>
/// <param name="Bias">float32, one value per output channel, or null.</param>
/// <param name="Addend">float32 of the output's shape (the shortcut of a residual block), or null. It may be the output itself.</param>
/// <param name="Relu">Whether negative results become 0; NaN stays NaN.</param>
public readonly record struct Epilogue(Tensor? Bias = null, Tensor? Addend = null, bool Relu = false)
{
    /// <summary>The product as it is.</summary>
    public static Epilogue None => default;
}
