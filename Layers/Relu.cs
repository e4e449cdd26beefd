using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>y = max(x, 0), any shape; NaN stays NaN.</summary>
public sealed class Relu : Layer
{
    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => F.Relu(x);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x) => x;
}
