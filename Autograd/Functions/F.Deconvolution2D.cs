using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>
    /// Transposed convolution: y[n, h·stride − top + r·dilation, w·stride − left + s·dilation, o] += x[n,h,w,i]·w[r,s,o,i], on top of b[o] everywhere; no flip. Pixels that no filter element reaches hold b alone.
    /// </summary>
    /// <param name="x">float32 [N, H, W, I].</param>
    /// <param name="w">float32 [R, S, O/groups, I].</param>
    /// <param name="b">float32 [O], or null.</param>
    /// <param name="stride">Rows and columns from one input pixel's place to the next; 1 unless given.</param>
    /// <param name="padding">Rows and columns cut off the full result.</param>
    /// <param name="dilation">Rows and columns from one filter element to the next; 1 unless given.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <param name="outSize">Height and width of the result; stride·(H − 1) + (R − 1)·dilation + 1 − top − bottom unless given (Chainer). Keras's <c>same</c> is stride·H with top = max(R − stride, 0)/2, its <c>valid</c>
    /// stride·(H − 1) + max(R, stride). With it, top and left alone give the placement.</param>
    /// <returns>float32 [N, height, width, O].</returns>
    /// <exception cref="ShapeException">As <see cref="ConvolutionGeometry.CreateTransposed"/> says; or b is not [O].</exception>
    public static Variable Deconvolution2D(Variable x, Variable w, Variable? b = null, (int Y, int X)? stride = null, Padding padding = default, (int Y, int X)? dilation = null, int groups = 1, (int Height, int Width)? outSize = null)
    {
        ConvolutionGeometry geometry = ConvolutionGeometry.CreateTransposed(x.Shape, w.Shape, OrOne(stride), padding, OrOne(dilation), groups, outSize);
        if (b is not null)
            ShapeException.RequireEqual("Deconvolution2D: bias", new Shape(geometry.InChannels), b.Shape);
        var op = new Deconvolution2DOp(geometry);
        return b is null ? op.Apply(x, w) : op.Apply(x, w, b);
    }
}

/// <summary>Transposed convolution: the input gradient of a convolution; inputs x, w and perhaps b. Keeps x and w.</summary>
/// <param name="geometry">The sizes of that convolution: its input is the result here.</param>
public sealed class Deconvolution2DOp(ConvolutionGeometry geometry) : Op
{
    /// <summary>The sizes of the convolution whose input gradient this is.</summary>
    public ConvolutionGeometry Geometry { get; } = geometry;

    /// <inheritdoc/>
    public override string Name => "Deconvolution2D";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, Geometry.InShape);
        y.Device.Convolution.BackwardInput(Geometry, saved.Keep(x[0]), saved.Keep(x[1]), y, new Epilogue(x.Length > 2 ? x[2] : null));
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Convolution.Forward(Geometry, gy, saved[1], g[0], Epilogue.None);
        if (g.Wants(1))
            gy.Device.Convolution.BackwardFilter(Geometry, gy, saved[0], g[1]);
        if (g.Count > 2 && g.Wants(2))
            gy.Device.Reductions.Sum(gy, 1, checked((int)(gy.Count / Geometry.InChannels)), Geometry.InChannels, 1, g[2]);
    }
}
