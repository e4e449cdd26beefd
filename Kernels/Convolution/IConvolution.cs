namespace NativeFree.Kernels;

/// <summary>
/// Convolution and its gradients on one device (formula: <see cref="ConvolutionGeometry"/>). Sizes were validated by the geometry; implementations check only that tensors have its shapes.
/// Destinations are overwritten.
/// </summary>
public interface IConvolution
{
    /// <summary>y = epilogue(x ∗ w). x float32 [N,H,W,C], w [R,S,I,O], y [N,P,Q,O].</summary>
    void Forward(ConvolutionGeometry geometry, Tensor x, Tensor w, Tensor y, in Epilogue epilogue);

    /// <summary>
    /// gx[n,h,w,i] = Σ of gy[n,p,q,o] · w[r,s,i,o] over all p·stride − pad + r·dilation = h (and so for columns), through the epilogue. It is the forward pass of the transposed convolution as well.
    /// gy [N,P,Q,O], w [R,S,I,O], gx [N,H,W,C].
    /// </summary>
    void BackwardInput(ConvolutionGeometry geometry, Tensor gy, Tensor w, Tensor gx, in Epilogue epilogue);

    /// <summary>gw[r,s,i,o] = Σ over n,p,q of x[n, p·stride − pad + r·dilation, …, i] · gy[n,p,q,o]. x [N,H,W,C], gy [N,P,Q,O], gw [R,S,I,O].</summary>
    void BackwardFilter(ConvolutionGeometry geometry, Tensor x, Tensor gy, Tensor gw);

    /// <summary>
    /// Makes a convolution with constant weights ready to run many times: filters packed or transformed once, algorithm chosen. The filter and bias are copied.
    /// </summary>
    /// <param name="geometry">The sizes.</param>
    /// <param name="w">[R,S,I,O].</param>
    /// <param name="bias">One value per channel of the result, or null.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <param name="transposed">Whether the result is the input gradient (the transposed convolution) instead of the forward pass.</param>
    /// <param name="resultChannels">Channels of the tensor that receives the result: more than the result's own where it is written beside others.</param>
    /// <param name="format">How the filter is stored. <see cref="WeightFormat.Half"/> is taken where the algorithm can and the weights fit; else they are stored whole.</param>
    /// <param name="window">Max pooling of the result, of which the tensor then receives the pixels: one that <see cref="Pools"/> accepts, or null. The values are those of <see cref="IPooling.Max"/> behind the convolution, to the bit.</param>
    /// <exception cref="ShapeException">w or bias has another shape; or <paramref name="window"/> is not accepted, or <paramref name="transposed"/> is set beside it.</exception>
    /// <exception cref="DeviceException">Half-size weights on a device that does not compute with the SIMD engine.</exception>
    PreparedConvolution Prepare(ConvolutionGeometry geometry, Tensor w, Tensor? bias, bool relu, bool transposed, int resultChannels, WeightFormat format = WeightFormat.Single, PoolingGeometry? window = null);

    /// <summary>Whether a prepared forward pass can pool its own result, never writing it, and is likely faster so.</summary>
    /// <param name="geometry">The convolution's sizes.</param>
    /// <param name="window">Max pooling of its result.</param>
    bool Pools(ConvolutionGeometry geometry, PoolingGeometry window);
}
