using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>
    /// y = Σ −classWeight[t]·log softmax(x)[t] over the labels t that are not ignored, divided by their number (at least 1), or, where <paramref name="normalize"/> is false, by the number of images N alone (not N·H·W). The class
    /// weights never enter the divisor. Works on logits: nothing is clipped, and nothing overflows.
    /// </summary>
    /// <param name="x">float32 [N, C] or [N, H, W, C].</param>
    /// <param name="labels">int32, one a row of channels: [N] or [N, H, W].</param>
    /// <param name="ignoreLabel">The label that counts for nothing, which may lie outside the classes; Chainer's −1 unless given, null for none.</param>
    /// <param name="classWeight">float32 [C], a constant; 1 unless given.</param>
    /// <param name="normalize">The divisor's rule.</param>
    /// <returns>A single float32; 0, with a gradient of zeros, when every label is ignored.</returns>
    /// <exception cref="ShapeException">There is not one label a row, or the class weights are not [C].</exception>
    /// <exception cref="ArgumentException">A label lies outside the classes and is not the ignored one.</exception>
    public static Variable SoftmaxCrossEntropy(Variable x, Labels labels, int? ignoreLabel = -1, Tensor? classWeight = null, bool normalize = true)
    {
        ArgumentNullException.ThrowIfNull(labels);
        int live = CheckLabels("SoftmaxCrossEntropy", x.Shape, labels, ignoreLabel);
        if (classWeight is not null)
            ShapeException.RequireEqual("SoftmaxCrossEntropy: class weights", new Shape(x.Shape[-1]), classWeight.Shape);
        int divisor = Math.Max(normalize ? live : x.Shape[0], 1);
        return new SoftmaxCrossEntropyOp(labels, ignoreLabel, classWeight, 1f / divisor).Apply(x);
    }

    /// <summary>The number of labels that are not ignored, all of which are classes.</summary>
    private static int CheckLabels(string where, Shape x, Labels labels, int? ignore)
    {
        if (x.Rank < 1 || labels.Shape.Count * x[-1] != x.Count)
            throw new ShapeException($"{where}: there is one label a row of channels; x = {x}, labels = {labels.Shape}.");
        int live = 0, classes = x[-1];
        foreach (int t in labels.Values)
        {
            if (t == ignore)
                continue;
            if ((uint)t >= (uint)classes)
                throw new ArgumentException($"{where}: labels lie in 0 to {classes - 1}; got {t}; name it as the ignored label if it is meant to count for nothing.", nameof(labels));
            live++;
        }
        return live;
    }
}

/// <summary>Softmax cross-entropy against labels. Keeps the logarithm of the softmax.</summary>
/// <param name="labels">The labels.</param>
/// <param name="ignoreLabel">The label that counts for nothing.</param>
/// <param name="classWeight">A weight a class, or null.</param>
/// <param name="scale">1 / divisor.</param>
public sealed class SoftmaxCrossEntropyOp(Labels labels, int? ignoreLabel, Tensor? classWeight, float scale) : Op
{
    /// <inheritdoc/>
    public override string Name => "SoftmaxCrossEntropy";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        Device device = x[0].Device;
        var loss = new Tensor(device, new Shape());
        Tensor logp = saved.Keep(new Tensor(device, x[0].Shape));
        AxisSplit split = AxisSplit.Of(logp.Shape, -1);
        device.Reductions.LogSoftmax(x[0], split.Outer, split.Length, split.Inner, logp);
        device.Reductions.NegativeLogLikelihood(logp, labels, ignoreLabel, classWeight, scale, loss);
        if (!saved.IsRecording)
            logp.Release();
        return loss;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Reductions.NegativeLogLikelihoodBackward(saved[0], labels, ignoreLabel, classWeight, scale, gy, g[0]);
    }
}
