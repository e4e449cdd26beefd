using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>y[n,c] = mean over h and w of x[n,h,w,c].</summary>
public sealed class GlobalAveragePooling2D : Layer
{
    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => F.GlobalAveragePooling2D(x);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x)
    {
        if (x.Rank != 4)
            throw new ShapeException($"GlobalAveragePooling2D: x is [N, H, W, C]; got {x}.");
        return new Shape(x[0], x[3]);
    }
}
