using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>y[n,p,q,c] = mean of the window of x[n,·,·,c] that starts at (p·stride, q·stride); windows lie inside the input.</summary>
public sealed class AveragePooling2D : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="size">Rows and columns of a window.</param>
    /// <param name="stride">Step between windows.</param>
    public AveragePooling2D(int size, int stride)
    {
        Size = size;
        Stride = stride;
    }

    /// <summary>Rows and columns of a window.</summary>
    public int Size { get; }

    /// <summary>Step between windows.</summary>
    public int Stride { get; }

    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => F.AveragePooling2D(x, (Size, Size), (Stride, Stride), Padding.None, countPadding: true);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x) => PoolingGeometry.Create(x, (Size, Size), (Stride, Stride), Padding.None, coverAll: false).OutShape;
}
