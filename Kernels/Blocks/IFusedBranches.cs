namespace NativeFree.Kernels;

/// <summary>
/// Convolutions whose results lie side by side in one tensor, y = max(x ∗ w + bias, 0), on devices that can write them there: <c>firstChannel</c> says where a slice of channels begins in each pixel.
/// </summary>
internal interface IFusedBranches
{
    /// <summary>A slice of y.</summary>
    void Convolve(ConvolutionGeometry geometry, Tensor x, Tensor w, Tensor? bias, Tensor y, int firstChannel);

    /// <summary>gx from a slice of gy.</summary>
    void ConvolveBackwardInput(ConvolutionGeometry geometry, Tensor gy, int firstChannel, Tensor w, Tensor gx);

    /// <summary>gw from a slice of gy.</summary>
    void ConvolveBackwardFilter(ConvolutionGeometry geometry, Tensor x, Tensor gy, int firstChannel, Tensor gw);
}
