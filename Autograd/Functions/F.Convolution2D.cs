using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>
    /// y[n,p,q,o] = b[o] + Σ over r,s,i of x[n, p·stride − top + r·dilation, q·stride − left + s·dilation, i] · w[r,s,i,o]: cross-correlation, no flip, x is 0 outside.
    /// P = ⌊(H + top + bottom − ((R − 1)·dilation + 1)) / stride⌋ + 1, and likewise Q.
    /// </summary>
    /// <param name="x">float32 [N, H, W, C].</param>
    /// <param name="w">float32 [R, S, C/groups, O].</param>
    /// <param name="b">float32 [O], or null.</param>
    /// <param name="stride">Rows and columns from one output to the next; 1 unless given.</param>
    /// <param name="padding">Rows and columns of zeros around x; <see cref="Padding.Same"/> for Keras's rule.</param>
    /// <param name="dilation">Rows and columns from one filter element to the next; 1 unless given.</param>
    /// <param name="groups">Output channels of group g see the input channels of group g only; C groups are a depthwise convolution.</param>
    /// <returns>float32 [N, P, Q, O].</returns>
    /// <exception cref="ShapeException">As <see cref="ConvolutionGeometry.Create"/> says; or b is not [O].</exception>
    public static Variable Convolution2D(Variable x, Variable w, Variable? b = null, (int Y, int X)? stride = null, Padding padding = default, (int Y, int X)? dilation = null, int groups = 1)
    {
        ConvolutionGeometry geometry = ConvolutionGeometry.Create(x.Shape, w.Shape, OrOne(stride), padding, OrOne(dilation), groups);
        if (b is not null)
            ShapeException.RequireEqual("Convolution2D: bias", new Shape(geometry.OutChannels), b.Shape);
        var op = new Convolution2DOp(geometry);
        return b is null ? op.Apply(x, w) : op.Apply(x, w, b);
    }
}

/// <summary>Convolution; inputs x, w and perhaps b. Keeps x and w.</summary>
/// <param name="geometry">The sizes.</param>
public sealed class Convolution2DOp(ConvolutionGeometry geometry) : Op
{
    /// <summary>The sizes.</summary>
    public ConvolutionGeometry Geometry { get; } = geometry;

    /// <inheritdoc/>
    public override string Name => "Convolution2D";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, Geometry.OutShape);
        y.Device.Convolution.Forward(Geometry, saved.Keep(x[0]), saved.Keep(x[1]), y, new Epilogue(x.Length > 2 ? x[2] : null));
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
        {
            Tensor? begun = g.Begun(0);
            gy.Device.Convolution.BackwardInput(Geometry, gy, saved[1], g[0], new Epilogue(Addend: begun));
        }
        if (g.Wants(1))
            gy.Device.Convolution.BackwardFilter(Geometry, saved[0], gy, g[1]);
        if (g.Count > 2 && g.Wants(2))
            gy.Device.Reductions.Sum(gy, 1, checked((int)(gy.Count / Geometry.OutChannels)), Geometry.OutChannels, 1, g[2]);
    }
}
