using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>y[…,c] = exp(x[…,c] − m) / Σ over k of exp(x[…,k] − m), m the largest of the row; over the last axis.</summary>
public sealed class Softmax : Layer
{
    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => F.Softmax(x);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x) => x;
}
