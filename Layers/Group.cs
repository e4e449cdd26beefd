using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>A name for the layers below it, such as <c>res2</c> over <c>a</c>, <c>b1</c>, <c>b2</c>. It computes nothing itself.</summary>
internal sealed class Group : Layer
{
    protected override Variable Compute(Variable x) => throw new InvalidOperationException($"{Path}: a group of layers computes nothing itself; call the network, or one of its layers.");

    public override Shape OutputShape(Shape x) => throw new InvalidOperationException($"{Path}: a group of layers has no output of its own; ask the network, or one of its layers.");
}
