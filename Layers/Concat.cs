using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>The inputs side by side along the last axis, the channels; all other extents are equal.</summary>
public sealed class Concat : Layer
{
    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => x;

    /// <inheritdoc/>
    protected override Variable Compute(ReadOnlySpan<Variable> inputs) => F.Concat(-1, inputs);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x) => x;

    /// <inheritdoc/>
    public override Shape OutputShape(params ReadOnlySpan<Shape> inputs)
    {
        int channels = 0;
        foreach (Shape input in inputs)
        {
            if (input.With(-1, 0) != inputs[0].With(-1, 0))
                throw new ShapeException($"Concat: the inputs agree in all axes but the last; got {string.Join(" and ", inputs.ToArray())}.");
            channels = checked(channels + input[-1]);
        }
        return inputs[0].With(-1, channels);
    }
}
