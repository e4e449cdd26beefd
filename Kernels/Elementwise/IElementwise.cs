namespace NativeFree.Kernels;

/// <summary>
/// Work on single elements, and moving them, on one device. Tensors of one call have equal shapes unless said otherwise; destinations are overwritten and may be one of the sources
/// (not of <see cref="CopyBox"/> and <see cref="Permute"/>). NaN goes through.
/// </summary>
public interface IElementwise
{
    /// <summary>y = f(x).</summary>
    void Activate(Activation f, Tensor x, Tensor y);

    /// <summary>gx = gy·f′, the slope taken from y = f(x).</summary>
    void ActivateBackward(Activation f, Tensor y, Tensor gy, Tensor gx);

    /// <summary>y = alpha·a + beta·b.</summary>
    void Combine(float alpha, Tensor a, float beta, Tensor b, Tensor y);

    /// <summary>y = scale·(a·b).</summary>
    void Multiply(float scale, Tensor a, Tensor b, Tensor y);

    /// <summary>y = factor·x.</summary>
    void Scale(float factor, Tensor x, Tensor y);

    /// <summary>y = min(max(x, lower), upper).</summary>
    void Clamp(Tensor x, float lower, float upper, Tensor y);

    /// <summary>
    /// mask[i] = 1 where element i is kept, else 0; kept with probability 1 − ratio. The upper 32 bits of mix(seed + (i + 1)·0x9E3779B97F4A7C15) are compared with ratio·2³², mix being the finalizer of SplitMix64 (Steele, Lea and
    /// Flood, 2014): a function of seed and index alone, the same on every device.
    /// </summary>
    void DropoutMask(ulong seed, float ratio, Tensor mask);

    /// <summary>y[yBegin + j] = x[xBegin + j] for all 0 ≤ j &lt; size, axis by axis; the rest of y stays. Slices, joins, crops and pads.</summary>
    /// <exception cref="ShapeException">The ranks differ, or the box does not lie inside both tensors.</exception>
    void CopyBox(Tensor x, ReadOnlySpan<int> xBegin, Tensor y, ReadOnlySpan<int> yBegin, ReadOnlySpan<int> size);

    /// <summary>Axis i of y is axis axes[i] of x.</summary>
    /// <exception cref="ShapeException">axes is no permutation of 0 … rank − 1, or y has another shape than follows.</exception>
    void Permute(Tensor x, ReadOnlySpan<int> axes, Tensor y);
}
