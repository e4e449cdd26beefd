using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>
    /// On a training tape y = x·mask / (1 − ratio), each mask element 0 with probability ratio, else 1; elsewhere y is x itself. The mask is a function of <see cref="Tape.Seed"/>, the number of random operators before this one
    /// on the tape, and the element's index.
    /// </summary>
    /// <param name="x">float32, any shape.</param>
    /// <param name="ratio">The probability to drop, 0 ≤ ratio &lt; 1.</param>
    /// <returns>float32 of the shape of x.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ratio"/> is not in 0 ≤ ratio &lt; 1.</exception>
    public static Variable Dropout(Variable x, float ratio = 0.5f)
    {
        CheckRatio(ratio);
        if (Tape.Current is not { Training: true } tape || ratio == 0)
            return x;
        var mask = new Tensor(x.Device, x.Shape);
        x.Device.Elementwise.DropoutMask(tape.NextStream(), ratio, mask);
        return new DropoutOp(mask, ratio).Apply(x);
    }

    /// <summary>y = x·mask / (1 − ratio) with a given mask, in training or not: to repeat what another program drew.</summary>
    /// <param name="x">float32, any shape.</param>
    /// <param name="ratio">The probability with which the mask was drawn, 0 ≤ ratio &lt; 1.</param>
    /// <param name="mask">float32 of the shape of x: 1 keeps, 0 drops.</param>
    /// <returns>float32 of the shape of x.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ratio"/> is not in 0 ≤ ratio &lt; 1.</exception>
    /// <exception cref="ShapeException">The mask has another shape.</exception>
    public static Variable Dropout(Variable x, float ratio, Tensor mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        CheckRatio(ratio);
        ShapeException.RequireEqual("Dropout: mask", x.Shape, mask.Shape);
        return new DropoutOp(mask, ratio).Apply(x);
    }

    private static void CheckRatio(float ratio)
    {
        if (!(ratio >= 0 && ratio < 1))
            throw new ArgumentOutOfRangeException(nameof(ratio), ratio, "Dropout: the ratio to drop is at least 0 and below 1.");
    }
}

/// <summary>x·mask / (1 − ratio). Keeps the mask.</summary>
/// <param name="mask">1 keeps, 0 drops.</param>
/// <param name="ratio">The probability to drop.</param>
public sealed class DropoutOp(Tensor mask, float ratio) : Op
{
    /// <inheritdoc/>
    public override string Name => "Dropout";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, x[0].Shape);
        y.Device.Elementwise.Multiply(1 / (1 - ratio), x[0], saved.Keep(mask), y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Elementwise.Multiply(1 / (1 - ratio), gy, saved[0], g.Over(0, gy));
    }
}
