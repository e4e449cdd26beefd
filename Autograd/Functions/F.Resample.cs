using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>y[n,p,q,c] = x[n, ⌊p/scale.Y⌋, ⌊q/scale.X⌋, c]: every pixel repeated (Keras's UpSampling2D).</summary>
    /// <param name="x">float32 [N, H, W, C].</param>
    /// <param name="scale">How often a row and a column is repeated, at least 1.</param>
    /// <returns>float32 [N, H·scale.Y, W·scale.X, C].</returns>
    /// <exception cref="ShapeException">x is not of rank 4, or a scale is below 1.</exception>
    public static Variable UpsampleNearest2D(Variable x, (int Y, int X) scale)
    {
        if (x.Shape.Rank != 4 || scale.Y < 1 || scale.X < 1)
            throw new ShapeException($"UpsampleNearest2D: x is [N, H, W, C] and scales are at least 1; got {x.Shape}, {scale}.");
        return new UpsampleNearest2DOp(scale).Apply(x);
    }

    /// <summary>
    /// Bilinear resizing without antialiasing. The centre of row p lies at max((p + ½)·H/height − ½, 0) of x, or, with aligned corners, at p·(H − 1)/(height − 1); rows beyond the last are the last.
    /// </summary>
    /// <param name="x">float32 [N, H, W, C] with at least one row and column.</param>
    /// <param name="size">Height and width of the result, at least 1.</param>
    /// <param name="alignCorners">Whether the first and last centres coincide (Chainer's default) instead of the edges (Keras, PyTorch).</param>
    /// <returns>float32 [N, height, width, C].</returns>
    /// <exception cref="ShapeException">x is not of rank 4 or has no pixel, or a size is below 1.</exception>
    public static Variable ResizeBilinear2D(Variable x, (int Height, int Width) size, bool alignCorners = false)
    {
        if (x.Shape.Rank != 4 || x.Shape[1] < 1 || x.Shape[2] < 1 || size.Height < 1 || size.Width < 1)
            throw new ShapeException($"ResizeBilinear2D: x is [N, H, W, C] with at least one pixel, and the size is at least 1×1; got {x.Shape}, {size}.");
        return new ResizeBilinear2DOp(size, alignCorners).Apply(x);
    }
}

/// <summary>Pixels repeated. Keeps nothing.</summary>
/// <param name="scale">How often a row and a column is repeated.</param>
public sealed class UpsampleNearest2DOp((int Y, int X) scale) : Op
{
    /// <summary>How often a row and a column is repeated.</summary>
    public (int Y, int X) Scale { get; } = scale;

    /// <inheritdoc/>
    public override string Name => "UpsampleNearest2D";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        Shape s = x[0].Shape;
        var y = new Tensor(x[0].Device, new Shape(s[0], checked(s[1] * Scale.Y), checked(s[2] * Scale.X), s[3]));
        y.Device.Resampling.Nearest(Scale, x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Resampling.NearestBackward(Scale, gy, g[0]);
    }
}

/// <summary>Bilinear resizing. Keeps nothing.</summary>
/// <param name="size">Height and width of the result.</param>
/// <param name="alignCorners">Which centres coincide.</param>
public sealed class ResizeBilinear2DOp((int Height, int Width) size, bool alignCorners) : Op
{
    /// <summary>Height and width of the result.</summary>
    public (int Height, int Width) Size { get; } = size;

    /// <summary>Whether the first and last centres coincide.</summary>
    public bool AlignCorners { get; } = alignCorners;

    /// <inheritdoc/>
    public override string Name => "ResizeBilinear2D";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, new Shape(x[0].Shape[0], Size.Height, Size.Width, x[0].Shape[3]));
        y.Device.Resampling.Bilinear(AlignCorners, x[0], y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Resampling.BilinearBackward(AlignCorners, gy, g[0]);
    }
}
