namespace NativeFree.Kernels;

/// <summary>Changing the size of activations, and the gradients, on one device. x, gx float32 [N,H,W,C]; y, gy [N,P,Q,C]. Destinations are overwritten.</summary>
public interface IResampling
{
    /// <summary>y[n,p,q,c] = x[n, ⌊p/scale.Y⌋, ⌊q/scale.X⌋, c]; P = H·scale.Y, Q = W·scale.X.</summary>
    void Nearest((int Y, int X) scale, Tensor x, Tensor y);

    /// <summary>gx = the sum of gy over the copies of each pixel.</summary>
    void NearestBackward((int Y, int X) scale, Tensor gy, Tensor gx);

    /// <summary>
    /// Bilinear interpolation, no antialiasing. Row p looks at max((p + ½)·H/P − ½, 0), or, with aligned corners, at p·(H − 1)/(P − 1) (0 when P = 1); the weights are computed in double and rounded once.
    /// </summary>
    void Bilinear(bool alignCorners, Tensor x, Tensor y);

    /// <summary>gx = the sum of gy over what each pixel contributed to, with its weights.</summary>
    void BilinearBackward(bool alignCorners, Tensor gy, Tensor gx);
}
