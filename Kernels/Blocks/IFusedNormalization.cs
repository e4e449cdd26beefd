namespace NativeFree.Kernels;

/// <summary>
/// Batch normalization with what follows it in a residual network, y = max((x − mean)·(gamma / √(variance + epsilon)) + beta + shortcut, 0), in as few passes over memory as the device can: they are all that it costs.
/// Results equal the primitives one after the other, NaN included. x, y and the shortcut have one shape, channels last; per-channel tensors are [C].
/// </summary>
internal interface IFusedNormalization
{
    /// <summary>Whether normalization and ReLU with no addition between them are worth fusing: the shortcut may be null.</summary>
    bool TakesReluAlone { get; }

    /// <summary>y. The shortcut is null where <see cref="TakesReluAlone"/> says so and nothing is added.</summary>
    void Forward(Tensor x, Tensor mean, Tensor variance, Tensor gamma, Tensor beta, float epsilon, Tensor? shortcut, Tensor y);

    /// <summary>
    /// The gradients with mean and variance those of x: gshortcut = gy·[y &gt; 0], ggamma = Σ gshortcut·x̂, gbeta = Σ gshortcut, gx = gamma / √(variance + epsilon) · (gshortcut − (x̂·ggamma + gbeta)/m).
    /// </summary>
    /// <param name="x">As in <see cref="Forward"/>; likewise mean, variance, gamma, beta and epsilon.</param>
    /// <param name="mean">The mean of x.</param>
    /// <param name="variance">The variance of x.</param>
    /// <param name="gamma">Scale.</param>
    /// <param name="beta">Shift.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="y">The result.</param>
    /// <param name="gy">Its gradient.</param>
    /// <param name="ggamma">Result.</param>
    /// <param name="gbeta">Result.</param>
    /// <param name="gx">Result; where there is no shortcut it may be gy.</param>
    /// <param name="gshortcut">Result, null where there is no shortcut; it may be gy.</param>
    void BackwardBatch(
        Tensor x, Tensor mean, Tensor variance, Tensor gamma, Tensor beta, float epsilon, Tensor y, Tensor gy, Tensor ggamma, Tensor gbeta, Tensor gx, Tensor? gshortcut);

    /// <summary>The gradients with mean and variance constants: gshortcut = gy·[y &gt; 0], gx = gamma / √(variance + epsilon) · gshortcut. gshortcut is null where there is no shortcut, then gx may be gy; else gshortcut may.</summary>
    void BackwardFixed(Tensor y, Tensor gy, Tensor variance, Tensor gamma, float epsilon, Tensor gx, Tensor? gshortcut);
}
