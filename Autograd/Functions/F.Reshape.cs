using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>The same values, in their order, seen with another shape; no copy is made.</summary>
    /// <param name="x">float32, any shape.</param>
    /// <param name="shape">A shape with as many elements.</param>
    /// <returns>float32 of <paramref name="shape"/>.</returns>
    /// <exception cref="ShapeException">The element counts differ.</exception>
    public static Variable Reshape(Variable x, Shape shape) => new ReshapeOp(shape).Apply(x);

    /// <summary>[N, …] as [N, rest], trailing axes in their order: H, W, C for activations.</summary>
    /// <param name="x">float32 with at least one axis.</param>
    /// <returns>float32 [N, rest].</returns>
    /// <exception cref="ShapeException">x has no axis.</exception>
    public static Variable Flatten(Variable x)
    {
        if (x.Shape.Rank < 1)
            throw new ShapeException("Flatten: x has at least one axis; got a scalar.");
        return Reshape(x, new Shape(x.Shape[0], checked((int)x.Shape.CountFrom(1))));
    }
}

/// <summary>Another shape over the same memory. Keeps nothing.</summary>
/// <param name="shape">The new shape.</param>
public sealed class ReshapeOp(Shape shape) : Op
{
    /// <summary>The new shape.</summary>
    public Shape Shape { get; } = shape;

    /// <inheritdoc/>
    public override string Name => "Reshape";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x) => x[0].Reshape(Shape);

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            g.Pass(0, gy);
    }
}
