using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>y[n,p,q,c] = Σ of x under the window / divisor; the window begins at row p·stride − top, column q·stride − left, and P = ⌊(H + top + bottom − size) / stride⌋ + 1.</summary>
    /// <param name="x">float32 [N, H, W, C].</param>
    /// <param name="size">Rows and columns of a window.</param>
    /// <param name="stride">From one window to the next; the window's size unless given.</param>
    /// <param name="padding">Rows and columns by which windows hang over the edges.</param>
    /// <param name="countPadding">Whether padding counts as zeros, so that the divisor is the window's size (Chainer); else it is the number of real pixels under the window (Keras).</param>
    /// <returns>float32 [N, P, Q, C].</returns>
    /// <exception cref="ShapeException">As <see cref="PoolingGeometry.Create"/> says.</exception>
    public static Variable AveragePooling2D(Variable x, (int Y, int X) size, (int Y, int X)? stride = null, Padding padding = default, bool countPadding = true) =>
        new AveragePooling2DOp(PoolingGeometry.Create(x.Shape, size, stride ?? size, padding, false), countPadding ? PoolingDivisor.Window : PoolingDivisor.RealPixels).Apply(x);

    /// <summary>y[n,c] = the mean of x[n,h,w,c] over all h and w.</summary>
    /// <param name="x">float32 [N, H, W, C] with at least one row and column.</param>
    /// <returns>float32 [N, C].</returns>
    /// <exception cref="ShapeException">x is not of rank 4, or has no row or column.</exception>
    public static Variable GlobalAveragePooling2D(Variable x)
    {
        if (x.Shape.Rank != 4 || x.Shape[1] < 1 || x.Shape[2] < 1)
            throw new ShapeException($"GlobalAveragePooling2D: x is [N, H, W, C] with at least one row and column; got {x.Shape}.");
        (int Y, int X) all = (x.Shape[1], x.Shape[2]);
        return Flatten(new AveragePooling2DOp(PoolingGeometry.Create(x.Shape, all, all, Padding.None, false), PoolingDivisor.Window).Apply(x));
    }
}

/// <summary>Average pooling. Keeps nothing.</summary>
/// <param name="geometry">The windows.</param>
/// <param name="divisor">What sums are divided by.</param>
public sealed class AveragePooling2DOp(PoolingGeometry geometry, PoolingDivisor divisor) : Op
{
    /// <summary>The windows.</summary>
    public PoolingGeometry Geometry { get; } = geometry;

    /// <summary>What sums are divided by.</summary>
    public PoolingDivisor Divisor { get; } = divisor;

    /// <inheritdoc/>
    public override string Name => "AveragePooling2D";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, Geometry.OutShape);
        y.Device.Pooling.Average(Geometry, Divisor, x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Pooling.AverageBackward(Geometry, Divisor, gy, g[0]);
    }
}
