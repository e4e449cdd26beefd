using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>y = a + b element by element, both of one shape: the end of a residual block.</summary>
public sealed class Add : Layer
{
    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => throw new ShapeException("Add: takes two inputs; got 1.");

    /// <inheritdoc/>
    protected override Variable Compute(ReadOnlySpan<Variable> inputs)
    {
        RequireTwo(inputs.Length);
        return F.Add(inputs[0], inputs[1]);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x) => throw new ShapeException("Add: takes two inputs; got 1.");

    /// <inheritdoc/>
    public override Shape OutputShape(params ReadOnlySpan<Shape> inputs)
    {
        RequireTwo(inputs.Length);
        if (inputs[0] != inputs[1])
            throw new ShapeException($"Add: both inputs have one shape; got {inputs[0]} and {inputs[1]}.");
        return inputs[0];
    }

    private static void RequireTwo(int count)
    {
        if (count != 2)
            throw new ShapeException($"Add: takes two inputs; got {count}.");
    }
}
