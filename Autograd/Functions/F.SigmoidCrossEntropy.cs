using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>
    /// y = Σ max(x, 0) − x·t + log(1 + e^−|x|) over the elements that are not ignored, divided by their number (at least 1), or, where <paramref name="normalize"/> is false, by the number of images N alone. This is
    /// −log σ(x) for t = 1 and −log(1 − σ(x)) for t = 0, without overflow.
    /// </summary>
    /// <param name="x">float32 [N, …]: logits.</param>
    /// <param name="labels">int32, one an element of x: 0, 1 or the ignored label.</param>
    /// <param name="ignoreLabel">The label that counts for nothing; Chainer's −1 unless given, null for none.</param>
    /// <param name="normalize">The divisor's rule.</param>
    /// <returns>A single float32.</returns>
    /// <exception cref="ShapeException">x has no axis, or there is not one label an element.</exception>
    /// <exception cref="ArgumentException">A label is neither 0 nor 1 nor the ignored one.</exception>
    public static Variable SigmoidCrossEntropy(Variable x, Labels labels, int? ignoreLabel = -1, bool normalize = true)
    {
        ArgumentNullException.ThrowIfNull(labels);
        if (x.Shape.Rank < 1 || labels.Shape.Count != x.Shape.Count)
            throw new ShapeException($"SigmoidCrossEntropy: there is one label an element; x = {x.Shape}, labels = {labels.Shape}.");
        int live = 0;
        foreach (int t in labels.Values)
        {
            if (t == ignoreLabel)
                continue;
            if (t is not (0 or 1))
                throw new ArgumentException($"SigmoidCrossEntropy: labels are 0 or 1; got {t}; name it as the ignored label if it is meant to count for nothing.", nameof(labels));
            live++;
        }
        return new SigmoidCrossEntropyOp(labels, ignoreLabel, 1f / Math.Max(normalize ? live : x.Shape[0], 1)).Apply(x);
    }
}

/// <summary>Sigmoid cross-entropy against labels. Keeps x.</summary>
/// <param name="labels">The labels.</param>
/// <param name="ignoreLabel">The label that counts for nothing.</param>
/// <param name="scale">1 / divisor.</param>
public sealed class SigmoidCrossEntropyOp(Labels labels, int? ignoreLabel, float scale) : Op
{
    /// <inheritdoc/>
    public override string Name => "SigmoidCrossEntropy";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var loss = new Tensor(x[0].Device, new Shape());
        loss.Device.Reductions.SigmoidCrossEntropy(saved.Keep(x[0]), labels, ignoreLabel, scale, loss);
        return loss;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Reductions.SigmoidCrossEntropyBackward(saved[0], labels, ignoreLabel, scale, gy, g[0]);
    }
}
