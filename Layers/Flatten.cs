using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>[N, …] seen as [N, F] with the axes in the order they have, H, W, C; nothing is copied.</summary>
public sealed class Flatten : Layer
{
    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => F.Flatten(x);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x) => new(x[0], checked((int)x.CountFrom(1)));
}
