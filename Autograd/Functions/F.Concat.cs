using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>The operands one behind the other along an axis: <c>Concat(-1, a, b)</c> joins channels.</summary>
    /// <param name="axis">The axis; negative ones count from the last, which holds the channels.</param>
    /// <param name="x">float32, one or more whose other extents are equal.</param>
    /// <returns>float32 with the sum of the extents along the axis.</returns>
    /// <exception cref="ShapeException">There is no operand, the axis does not exist, or other extents differ.</exception>
    public static Variable Concat(int axis, params ReadOnlySpan<Variable> x)
    {
        if (x.Length == 0)
            throw new ShapeException("Concat: there is at least one operand; got none.");
        Shape first = x[0].Shape;
        int at = axis < 0 ? axis + first.Rank : axis;
        int total = 0;
        foreach (Variable operand in x)
        {
            if (operand.Shape.Rank != first.Rank || operand.Shape.With(at, first[axis]) != first)
                throw new ShapeException($"Concat: extents beside axis {axis} are equal; got {first} and {operand.Shape}.");
            total = checked(total + operand.Shape[at]);
        }
        return new ConcatOp(at, first.With(at, total)).Apply(x);
    }
}

/// <summary>Tensors joined along an axis. Keeps nothing.</summary>
/// <param name="axis">The axis, not negative.</param>
/// <param name="shape">The shape of the result.</param>
public sealed class ConcatOp(int axis, Shape shape) : Op
{
    private int[] sizes = [];

    /// <summary>The axis.</summary>
    public int Axis { get; } = axis;

    /// <inheritdoc/>
    public override string Name => "Concat";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, shape);
        sizes = new int[x.Length];
        int[] to = new int[shape.Rank], from = new int[shape.Rank];
        for (int i = 0; i < x.Length; i++)
        {
            y.Device.Elementwise.CopyBox(x[i], from, y, to, x[i].Shape.ToArray());
            sizes[i] = x[i].Shape[Axis];
            to[Axis] += sizes[i];
        }
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        int[] to = new int[shape.Rank], from = new int[shape.Rank];
        for (int i = 0; i < g.Count; i++)
        {
            if (g.Wants(i))
                gy.Device.Elementwise.CopyBox(gy, from, g[i], to, g[i].Shape.ToArray());
            from[Axis] += sizes[i];
        }
    }
}
