using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>A named array of an operator case: float32 values, or int32 labels.</summary>
public sealed class CaseArray
{
    private readonly float[]? values;
    private readonly int[]? labels;

    /// <summary>An array of values.</summary>
    /// <exception cref="ShapeException">Their number is not the shape's element count.</exception>
    public CaseArray(Shape shape, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Require(shape, values.Length);
        Shape = shape;
        this.values = values;
    }

    /// <summary>An array of labels.</summary>
    /// <exception cref="ShapeException">Their number is not the shape's element count.</exception>
    public CaseArray(Shape shape, int[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        Require(shape, labels.Length);
        Shape = shape;
        this.labels = labels;
    }

    /// <summary>The extents, in the file's order: channels first.</summary>
    public Shape Shape { get; }

    internal float[] Values => values ?? throw new CaseException("float32 values are expected; got int32 labels");

    internal int[] Labels => labels ?? throw new CaseException("int32 labels are expected; got float32 values");

    private static void Require(Shape shape, int count)
    {
        if (shape.Count != count)
            throw new ShapeException($"CaseArray: shape {shape} holds {shape.Count} values; got {count}.");
    }
}
