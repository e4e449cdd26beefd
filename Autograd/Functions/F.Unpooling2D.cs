using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>
    /// The reverse of a sum over windows: every value of x is added to each pixel under its window; overlaps add up, gaps are 0. The result has stride·(H − 1) + size − top − bottom rows, with cover-all stride − 1 fewer.
    /// </summary>
    /// <param name="x">float32 [N, H, W, C].</param>
    /// <param name="size">Rows and columns of a window.</param>
    /// <param name="stride">From one window to the next; the window's size unless given.</param>
    /// <param name="padding">Rows and columns cut off.</param>
    /// <param name="coverAll">Chainer's default: the smallest result that pooling with cover-all would bring back to the size of x, 2·H − 1 rows for size 2.</param>
    /// <returns>float32 [N, rows, columns, C].</returns>
    /// <exception cref="ShapeException">As <see cref="PoolingGeometry.CreateUnpooling"/> says.</exception>
    public static Variable Unpooling2D(Variable x, (int Y, int X) size, (int Y, int X)? stride = null, Padding padding = default, bool coverAll = true) =>
        new Unpooling2DOp(PoolingGeometry.CreateUnpooling(x.Shape, size, stride ?? size, padding, coverAll)).Apply(x);
}

/// <summary>The gradient of a sum over windows. Keeps nothing.</summary>
/// <param name="geometry">The windows; their input side is the result.</param>
public sealed class Unpooling2DOp(PoolingGeometry geometry) : Op
{
    /// <summary>The windows; their input side is the result.</summary>
    public PoolingGeometry Geometry { get; } = geometry;

    /// <inheritdoc/>
    public override string Name => "Unpooling2D";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, Geometry.InShape);
        y.Device.Pooling.AverageBackward(Geometry, PoolingDivisor.One, x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Pooling.Average(Geometry, PoolingDivisor.One, gy, g[0]);
    }
}
