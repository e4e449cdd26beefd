using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>y = a·b, element by element.</summary>
    /// <param name="a">float32, any shape.</param>
    /// <param name="b">float32 of the shape of a.</param>
    /// <returns>float32 of that shape.</returns>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Variable Multiply(Variable a, Variable b)
    {
        ShapeException.RequireEqual("Multiply", a.Shape, b.Shape);
        return new MultiplyOp(1).Apply(a, b);
    }

    /// <summary>y = factor·x.</summary>
    /// <param name="x">float32, any shape.</param>
    /// <param name="factor">The factor.</param>
    /// <returns>float32 of the shape of x.</returns>
    public static Variable Scale(Variable x, float factor) => new ScaleOp(factor).Apply(x);
}

/// <summary>scale·a·b. Keeps both.</summary>
/// <param name="scale">A constant factor.</param>
public sealed class MultiplyOp(float scale) : Op
{
    /// <inheritdoc/>
    public override string Name => "Multiply";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, x[0].Shape);
        y.Device.Elementwise.Multiply(scale, saved.Keep(x[0]), saved.Keep(x[1]), y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Elementwise.Multiply(scale, saved[1], gy, g[0]);
        if (g.Wants(1))
            gy.Device.Elementwise.Multiply(scale, saved[0], gy, g[1]);
    }
}

/// <summary>factor·x. Keeps nothing.</summary>
/// <param name="factor">The factor.</param>
public sealed class ScaleOp(float factor) : Op
{
    /// <inheritdoc/>
    public override string Name => "Scale";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, x[0].Shape);
        y.Device.Elementwise.Scale(factor, x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Elementwise.Scale(factor, gy, g[0]);
    }
}
