namespace NativeFree.Kernels;

/// <summary>Matrix products on one device.</summary>
public interface IMatrixMultiply
{
    /// <summary>
    /// y[m,n] = epilogue(Σₖ A[m,k]·B[k,n]), where A is <paramref name="a"/> [M,K] or the transpose of <paramref name="a"/> [K,M], and B likewise <paramref name="b"/> [K,N] or the transpose
    /// of <paramref name="b"/> [N,K]. y float32 [M,N] is overwritten. K = 0 gives the epilogue of 0.
    /// </summary>
    /// <exception cref="ShapeException">Ranks are not 2, or M, N, K disagree.</exception>
    /// <exception cref="DeviceException">A tensor lies on another device.</exception>
    void Multiply(Tensor a, bool transposeA, Tensor b, bool transposeB, Tensor y, in Epilogue epilogue);
}
