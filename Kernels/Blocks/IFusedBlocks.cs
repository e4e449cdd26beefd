namespace NativeFree.Kernels;

/// <summary>
/// Several primitives in one pass, on devices where a pass over memory is what they cost. Results equal the primitives one after the other. Where a tensor is a slice of channels, <c>firstChannel</c> says where it begins in
/// each pixel.
/// </summary>
internal interface IFusedBlocks
{
    /// <summary>y = max((x − mean)·(gamma / √(variance + epsilon)) + beta + shortcut, 0): the end of a residual block. NaN stays NaN.</summary>
    void NormalizeAddRelu(Tensor x, Tensor mean, Tensor variance, Tensor gamma, Tensor beta, float epsilon, Tensor shortcut, Tensor y);

    /// <summary>The gradient of <see cref="NormalizeAddRelu"/> with constant mean and variance: gshortcut = gy·[y &gt; 0], gx = gamma / √(variance + epsilon) · gshortcut.</summary>
    void NormalizeAddReluBackward(Tensor y, Tensor gy, Tensor variance, Tensor gamma, float epsilon, Tensor gx, Tensor gshortcut);

    /// <summary>A slice of y = max(x ∗ w + bias, 0).</summary>
    void Convolve(ConvolutionGeometry geometry, Tensor x, Tensor w, Tensor? bias, Tensor y, int firstChannel);

    /// <summary>gx from a slice of gy.</summary>
    void ConvolveBackwardInput(ConvolutionGeometry geometry, Tensor gy, int firstChannel, Tensor w, Tensor gx);

    /// <summary>gw from a slice of gy.</summary>
    void ConvolveBackwardFilter(ConvolutionGeometry geometry, Tensor x, Tensor gy, int firstChannel, Tensor gw);
}
