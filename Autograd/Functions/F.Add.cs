using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>y = x₀ + x₁ + …, from the left.</summary>
    /// <param name="x">float32, two or more of one shape (one gives itself).</param>
    /// <returns>float32 of that shape.</returns>
    /// <exception cref="ShapeException">There is none, or the shapes differ.</exception>
    public static Variable Add(params ReadOnlySpan<Variable> x)
    {
        if (x.Length == 0)
            throw new ShapeException("Add: there is at least one operand; got none.");
        foreach (Variable operand in x)
            ShapeException.RequireEqual("Add", x[0].Shape, operand.Shape);
        return x.Length == 1 ? x[0] : new AddOp().Apply(x);
    }
}

/// <summary>A sum of tensors of one shape. Keeps nothing; the gradient is handed on without a copy.</summary>
public sealed class AddOp : Op
{
    /// <inheritdoc/>
    public override string Name => "Add";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, x[0].Shape);
        y.Device.Elementwise.Combine(1, x[0], 1, x[1], y);
        for (int i = 2; i < x.Length; i++)
            y.Device.Elementwise.Combine(1, y, 1, x[i], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        for (int i = 0; i < g.Count; i++)
        {
            if (g.Wants(i))
                g.Pass(i, gy);
        }
    }
}
