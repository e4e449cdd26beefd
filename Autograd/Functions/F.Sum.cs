using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>The sum over some axes, which disappear; over all of them unless some are named.</summary>
    /// <param name="x">float32, any shape.</param>
    /// <param name="axes">Different axes; negative ones count from the last.</param>
    /// <returns>float32 with the remaining axes; a scalar when none remains.</returns>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static Variable Sum(Variable x, params ReadOnlySpan<int> axes) => Reduce("Sum", x, axes, false);

    /// <summary>The mean over some axes, which disappear; over all of them unless some are named.</summary>
    /// <param name="x">float32, any shape.</param>
    /// <param name="axes">Different axes; negative ones count from the last.</param>
    /// <returns>float32 with the remaining axes; a scalar when none remains.</returns>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, or there is nothing to average.</exception>
    public static Variable Mean(Variable x, params ReadOnlySpan<int> axes) => Reduce("Mean", x, axes, true);

    private static Variable Reduce(string name, Variable x, ReadOnlySpan<int> axes, bool mean)
    {
        Shape shape = x.Shape;
        int named = 0;
        foreach (int axis in axes)
        {
            _ = shape[axis];
            int bit = 1 << (axis < 0 ? axis + shape.Rank : axis);
            if ((named & bit) != 0)
                throw new ShapeException($"{name}: axes are different; got {string.Join(", ", axes.ToArray())} for {shape}.");
            named |= bit;
        }
        if (axes.Length == 0)
            named = (1 << shape.Rank) - 1;
        // Runs of neighbouring axes are reduced together, the last run first, so that earlier axes keep their numbers.
        Variable y = x;
        for (int to = shape.Rank; to > 0;)
        {
            if ((named & (1 << (to - 1))) == 0)
            {
                to--;
                continue;
            }
            int from = to - 1;
            while (from > 0 && (named & (1 << (from - 1))) != 0)
                from--;
            y = new SumOp(name, AxisSplit.Between(y.Shape, from, to), Without(y.Shape, from, to), mean).Apply(y);
            to = from;
        }
        return y;
    }

    private static Shape Without(Shape shape, int from, int to)
    {
        int[] extents = shape.ToArray();
        return new Shape([.. extents[..from], .. extents[to..]]);
    }
}

/// <summary>The sum or mean over neighbouring axes. Keeps nothing.</summary>
public sealed class SumOp : Op
{
    private readonly float scale;
    private readonly Shape shape;

    /// <summary>Creates the operator.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="split">The axes.</param>
    /// <param name="shape">The shape of y.</param>
    /// <param name="mean">Whether the sum is divided by the number of its terms.</param>
    /// <exception cref="ShapeException">A mean of nothing is asked for.</exception>
    public SumOp(string name, AxisSplit split, Shape shape, bool mean)
    {
        if (mean && split.Length == 0)
            throw new ShapeException($"{name}: there is something to average; the axes hold no element.");
        Name = name;
        Split = split;
        this.shape = shape;
        scale = mean ? 1f / split.Length : 1;
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>The axes.</summary>
    public AxisSplit Split { get; }

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, shape);
        y.Device.Reductions.Sum(x[0], Split.Outer, Split.Length, Split.Inner, scale, y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Reductions.Spread(gy, Split.Outer, Split.Length, Split.Inner, scale, g[0]);
    }
}
