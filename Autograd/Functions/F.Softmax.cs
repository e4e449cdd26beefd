using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>y = eˣ / Σ eˣ along an axis, the largest x taken off first, so that nothing overflows.</summary>
    /// <param name="x">float32 with at least one axis.</param>
    /// <param name="axis">The axis; negative ones count from the last, which holds the channels.</param>
    /// <returns>float32 of the shape of x.</returns>
    /// <exception cref="ShapeException">The axis does not exist.</exception>
    public static Variable Softmax(Variable x, int axis = -1) => new SoftmaxOp(AxisSplit.Of(x.Shape, axis), false).Apply(x);

    /// <summary>y = x − log Σ eˣ along an axis, the largest x taken off first, so that nothing overflows.</summary>
    /// <param name="x">float32 with at least one axis.</param>
    /// <param name="axis">The axis; negative ones count from the last, which holds the channels.</param>
    /// <returns>float32 of the shape of x.</returns>
    /// <exception cref="ShapeException">The axis does not exist.</exception>
    public static Variable LogSoftmax(Variable x, int axis = -1) => new SoftmaxOp(AxisSplit.Of(x.Shape, axis), true).Apply(x);
}

/// <summary>Softmax or its logarithm. Keeps y.</summary>
/// <param name="split">The axis.</param>
/// <param name="logarithm">Whether the logarithm is meant.</param>
public sealed class SoftmaxOp(AxisSplit split, bool logarithm) : Op
{
    /// <summary>The axis.</summary>
    public AxisSplit Split { get; } = split;

    /// <summary>Whether the logarithm is meant.</summary>
    public bool Logarithm { get; } = logarithm;

    /// <inheritdoc/>
    public override string Name => Logarithm ? "LogSoftmax" : "Softmax";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, x[0].Shape);
        if (Logarithm)
            y.Device.Reductions.LogSoftmax(x[0], Split.Outer, Split.Length, Split.Inner, y);
        else
            y.Device.Reductions.Softmax(x[0], Split.Outer, Split.Length, Split.Inner, y);
        return saved.Keep(y);
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (!g.Wants(0))
            return;
        if (Logarithm)
            gy.Device.Reductions.LogSoftmaxBackward(saved[0], gy, Split.Outer, Split.Length, Split.Inner, g[0]);
        else
            gy.Device.Reductions.SoftmaxBackward(saved[0], gy, Split.Outer, Split.Length, Split.Inner, g[0]);
    }
}
