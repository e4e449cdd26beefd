using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>y = a − b, element by element.</summary>
    /// <param name="a">float32, any shape.</param>
    /// <param name="b">float32 of the shape of a.</param>
    /// <returns>float32 of that shape.</returns>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Variable Subtract(Variable a, Variable b)
    {
        ShapeException.RequireEqual("Subtract", a.Shape, b.Shape);
        return new SubtractOp().Apply(a, b);
    }

    /// <summary>y = the mean of (a − b)² over all elements.</summary>
    /// <param name="a">float32, any shape with an element.</param>
    /// <param name="b">float32 of the shape of a.</param>
    /// <returns>A single float32.</returns>
    /// <exception cref="ShapeException">The shapes differ, or there is no element.</exception>
    public static Variable MeanSquaredError(Variable a, Variable b)
    {
        Variable difference = Subtract(a, b);
        return Mean(Multiply(difference, difference));
    }
}

/// <summary>a − b. Keeps nothing.</summary>
public sealed class SubtractOp : Op
{
    /// <inheritdoc/>
    public override string Name => "Subtract";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, x[0].Shape);
        y.Device.Elementwise.Combine(1, x[0], -1, x[1], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            g.Pass(0, gy);
        if (g.Wants(1))
            gy.Device.Elementwise.Scale(-1, gy, g[1]);
    }
}
