using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>A shape seen around one axis, or around neighbouring axes taken together: [outer, length, inner].</summary>
/// <param name="Outer">The product of the extents before.</param>
/// <param name="Length">The extent of the axis.</param>
/// <param name="Inner">The product of the extents after.</param>
public readonly record struct AxisSplit(int Outer, int Length, int Inner)
{
    /// <summary>The shape seen around <paramref name="axis"/>; negative ones count from the last.</summary>
    /// <exception cref="ShapeException">The axis does not exist, or a product passes 2³¹−1.</exception>
    public static AxisSplit Of(Shape shape, int axis)
    {
        int length = shape[axis];
        int at = axis < 0 ? axis + shape.Rank : axis;
        return Between(shape, at, at + 1, length);
    }

    /// <summary>The shape seen around the axes <paramref name="from"/> ≤ axis &lt; <paramref name="to"/>.</summary>
    internal static AxisSplit Between(Shape shape, int from, int to)
    {
        long length = 1;
        for (int i = from; i < to; i++)
            length *= shape[i];
        return Between(shape, from, to, length);
    }

    private static AxisSplit Between(Shape shape, int from, int to, long length)
    {
        long outer = shape.CountBefore(from), inner = shape.CountFrom(to);
        if (outer > int.MaxValue || inner > int.MaxValue || length > int.MaxValue)
            throw new ShapeException($"Axes {from} to {to - 1}: the extents around them multiply to less than 2³¹; got {shape}.");
        return new AxisSplit((int)outer, (int)length, (int)inner);
    }
}
