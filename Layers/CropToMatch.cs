using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>The middle of a, as high and wide as b: how U-Net brings an encoder's value to the size of the decoder's. Odd rows and columns fall below and on the right.</summary>
public sealed class CropToMatch : Layer
{
    /// <inheritdoc/>
    public override Shape OutputShape(Shape x) => throw new ShapeException("CropToMatch: takes two inputs; got 1.");

    /// <inheritdoc/>
    public override Shape OutputShape(params ReadOnlySpan<Shape> inputs)
    {
        if (inputs.Length != 2)
            throw new ShapeException($"CropToMatch: takes two inputs; got {inputs.Length}.");
        (Shape a, Shape b) = (inputs[0], inputs[1]);
        if (a.Rank != 4 || b.Rank != 4 || a[1] < b[1] || a[2] < b[2])
            throw new ShapeException($"CropToMatch: both inputs are [N, H, W, C], the first at least as high and wide; got {a} and {b}.");
        return new Shape(a[0], b[1], b[2], a[3]);
    }

    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => throw new ShapeException("CropToMatch: takes two inputs; got 1.");

    /// <inheritdoc/>
    protected override Variable Compute(ReadOnlySpan<Variable> inputs)
    {
        Shape y = OutputShape(inputs[0].Shape, inputs[1].Shape), a = inputs[0].Shape;
        return y == a ? inputs[0] : F.Crop(inputs[0], (a[1] - y[1]) / 2, (a[2] - y[2]) / 2, y[1], y[2]);
    }
}
