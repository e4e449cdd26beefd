namespace NativeFree.Kernels;

/// <summary>
/// Batch normalization and local response normalization on one device. x is float32 with channels last, any rank ≥ 1; m is the number of its rows (all axes but the last together). Per-channel tensors are [C].
/// Destinations are overwritten.
/// </summary>
public interface INormalization
{
    /// <summary>mean[c] = Σ x/m and variance[c] = Σ (x − mean)²/m over all rows, without cancellation where the mean is large beside the deviation. m = 0 gives zeros.</summary>
    void Moments(Tensor x, Tensor mean, Tensor variance);

    /// <summary>y = (x − mean)·(gamma / √(variance + epsilon)) + beta.</summary>
    void Normalize(Tensor x, Tensor mean, Tensor variance, Tensor gamma, Tensor beta, float epsilon, Tensor y);

    /// <summary>ggamma[c] = Σ gy·x̂ and gbeta[c] = Σ gy, with x̂ = (x − mean) / √(variance + epsilon).</summary>
    void ScaleGradients(Tensor x, Tensor gy, Tensor mean, Tensor variance, float epsilon, Tensor ggamma, Tensor gbeta);

    /// <summary>gx = gamma / √(variance + epsilon) · (gy − (x̂·ggamma + gbeta)/m): mean and variance are those of x and follow it. gx may be gy.</summary>
    void BackwardBatch(Tensor x, Tensor gy, Tensor mean, Tensor variance, Tensor gamma, float epsilon, Tensor ggamma, Tensor gbeta, Tensor gx);

    /// <summary>gx = gamma / √(variance + epsilon) · gy: mean and variance are constants. gx may be gy.</summary>
    void BackwardFixed(Tensor gy, Tensor variance, Tensor gamma, float epsilon, Tensor gx);

    /// <summary>y = x / (k + alpha·S)^beta, S[c] = Σ x² over the channels c − window/2 … c + window/2, cut at the ends; window odd.</summary>
    void LocalResponse(int window, float k, float alpha, float beta, Tensor x, Tensor y);

    /// <summary>The gradient of <see cref="LocalResponse"/>: gx = gy·u⁻ᵝ − 2·alpha·beta·x·Σ gy·x·u⁻ᵝ⁻¹ over the window, u = k + alpha·S.</summary>
    void LocalResponseBackward(int window, float k, float alpha, float beta, Tensor x, Tensor gy, Tensor gx);
}
