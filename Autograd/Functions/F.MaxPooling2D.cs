using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>
    /// y[n,p,q,c] = the largest x under the window that begins at row p·stride − top, column q·stride − left. Padding never wins: it counts as −∞. The first of equal values in row-major order gets the gradient. NaN wins.
    /// </summary>
    /// <param name="x">float32 [N, H, W, C].</param>
    /// <param name="size">Rows and columns of a window.</param>
    /// <param name="stride">From one window to the next; the window's size unless given.</param>
    /// <param name="padding">Rows and columns by which windows hang over the edges.</param>
    /// <param name="coverAll">Chainer's rule, and its default: a last window that hangs over the edge counts, P = ⌊(H + top + bottom − size + stride − 1) / stride⌋ + 1. Else Keras's: P = ⌊(H + top + bottom − size) / stride⌋ + 1.</param>
    /// <returns>float32 [N, P, Q, C].</returns>
    /// <exception cref="ShapeException">As <see cref="PoolingGeometry.Create"/> says.</exception>
    public static Variable MaxPooling2D(Variable x, (int Y, int X) size, (int Y, int X)? stride = null, Padding padding = default, bool coverAll = true) =>
        new MaxPooling2DOp(PoolingGeometry.Create(x.Shape, size, stride ?? size, padding, coverAll)).Apply(x);
}

/// <summary>Max pooling. Keeps the place of each maximum, and neither x nor y.</summary>
/// <param name="geometry">The windows.</param>
public sealed class MaxPooling2DOp(PoolingGeometry geometry) : Op
{
    /// <summary>The windows.</summary>
    public PoolingGeometry Geometry { get; } = geometry;

    /// <inheritdoc/>
    public override string Name => "MaxPooling2D";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, Geometry.OutShape);
        y.Device.Pooling.Max(Geometry, x[0], y, saved.IsRecording ? saved.Keep(new Tensor(y.Device, Geometry.OutShape)) : null);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Pooling.MaxBackward(Geometry, saved[0], gy, g[0]);
    }
}
