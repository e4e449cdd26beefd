using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>y[n,p,q,c] = max of the window of x[n,·,·,c] that starts at (p·stride − pad, q·stride − pad); padding counts as −∞.</summary>
public sealed class MaxPooling2D : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="size">Rows and columns of a window.</param>
    /// <param name="stride">Step between windows.</param>
    /// <param name="padding">Rows and columns around the input.</param>
    /// <param name="coverAll">Whether a last window that hangs over the edge counts (Chainer: sizes round up) or not (Keras: they round down).</param>
    public MaxPooling2D(int size, int stride, PaddingRule padding = default, bool coverAll = false)
    {
        Size = size;
        Stride = stride;
        Padding = padding;
        CoverAll = coverAll;
    }

    /// <summary>Rows and columns of a window.</summary>
    public int Size { get; }

    /// <summary>Step between windows.</summary>
    public int Stride { get; }

    /// <summary>Rows and columns around the input.</summary>
    public PaddingRule Padding { get; }

    /// <summary>Whether sizes round up.</summary>
    public bool CoverAll { get; }

    /// <inheritdoc/>
    protected override Variable Compute(Variable x)
    {
        return F.MaxPooling2D(x, (Size, Size), (Stride, Stride), Padding.For(x.Shape, (Size, Size), (Stride, Stride), (1, 1)), CoverAll);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x) =>
        PoolingGeometry.Create(x, (Size, Size), (Stride, Stride), Padding.For(x, (Size, Size), (Stride, Stride), (1, 1)), CoverAll).OutShape;
}
