namespace NativeFree.Kernels;

/// <summary>Class numbers, int32, in host memory: one per image [N] or per pixel [N, H, W]. Read by losses and metrics only.</summary>
public sealed class Labels
{
    private readonly int[] values;

    /// <summary>Wraps <paramref name="values"/> (not copied) as labels of the given shape.</summary>
    /// <exception cref="ShapeException">The number of values is not the shape's element count.</exception>
    public Labels(Shape shape, int[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (shape.Count != values.Length)
            throw new ShapeException($"Labels: shape {shape} holds {shape.Count} values; got {values.Length}.");
        Shape = shape;
        this.values = values;
    }

    /// <summary>One label per image: shape [values.Length].</summary>
    public Labels(params int[] values) : this(new Shape(values.Length), values)
    {
    }

    /// <summary>[N] or [N, H, W].</summary>
    public Shape Shape { get; }

    /// <summary>The labels in C order.</summary>
    public ReadOnlySpan<int> Values => values;
}
