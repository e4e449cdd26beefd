namespace NativeFree.Kernels;

/// <summary>
/// Pooling and its gradients on one device (windows: <see cref="PoolingGeometry"/>). Tensors have the geometry's shapes; destinations are overwritten. x, gx float32 [N,H,W,C]; y, gy, argument [N,P,Q,C].
/// </summary>
public interface IPooling
{
    /// <summary>
    /// y[n,p,q,c] = the largest of x under the window; −∞ where the window holds no pixel; NaN where it holds one. <paramref name="argument"/>, unless null, receives which element that was: its row-major
    /// number within the uncut window as a float, the first of equal ones, −1 for none.
    /// </summary>
    void Max(PoolingGeometry geometry, Tensor x, Tensor y, Tensor? argument);

    /// <summary>gx[n,h,w,c] = Σ of gy over the windows whose argument is this pixel.</summary>
    void MaxBackward(PoolingGeometry geometry, Tensor argument, Tensor gy, Tensor gx);

    /// <summary>y[n,p,q,c] = Σ of x under the window / divisor.</summary>
    void Average(PoolingGeometry geometry, PoolingDivisor divisor, Tensor x, Tensor y);

    /// <summary>gx[n,h,w,c] = Σ of gy / divisor over the windows that hold this pixel. With divisor 1 it is unpooling.</summary>
    void AverageBackward(PoolingGeometry geometry, PoolingDivisor divisor, Tensor gy, Tensor gx);
}
