using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>
/// Transposed convolution: y[n, h·stride − before + r, w·stride − before + s, o] += x[n,h,w,i] · W[r,s,o,i], then + b[o]; no flip. Pixels that no filter element reaches hold b alone (a 1×1 filter with stride 2
/// fills a quarter). x float32 [N, H, W, I], W [R, S, O, I], b [O]. The size of y follows from the padding: see <see cref="PaddingRule"/>.
/// </summary>
public sealed class Deconvolution2D : Layer
{
    /// <summary>Describes the layer; the filter takes memory later.</summary>
    /// <param name="inChannels">I.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="kernel">R and S.</param>
    /// <param name="stride">Step between the places of neighbouring inputs, both ways.</param>
    /// <param name="padding">Rows and columns cut off, or one of Keras's rules.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="initializer">First values of W; <see cref="Initializer.LeCunNormal"/> when null, whose fanIn is here R·S·O, as in Chainer.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Deconvolution2D(int inChannels, int outChannels, int kernel, int stride = 1, PaddingRule padding = default, bool bias = true, Initializer? initializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        Kernel = kernel;
        Stride = stride;
        Padding = padding;
        W = AddParameter("W", new Shape(kernel, kernel, outChannels, inChannels), initializer ?? Initializer.LeCunNormal, static w => (w.CountBefore(3), w.CountBefore(2) * w[3]));
        B = bias ? AddParameter("b", new Shape(outChannels), Initializer.Zero) : null;
    }

    /// <summary>R = S.</summary>
    public int Kernel { get; }

    /// <summary>Step between the places of neighbouring inputs.</summary>
    public int Stride { get; }

    /// <summary>What is cut off, or Keras's rule.</summary>
    public PaddingRule Padding { get; }

    /// <summary>The filter, [R, S, O, I].</summary>
    public Parameter W { get; }

    /// <summary>The bias, [O], or null.</summary>
    public Parameter? B { get; }

    /// <inheritdoc/>
    protected override Variable Compute(Variable x)
    {
        (Padding padding, (int Height, int Width)? size) = Place(x.Shape);
        return F.Deconvolution2D(x, W, B, (Stride, Stride), padding, (1, 1), 1, size);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x) => Geometry(x).InShape;

    /// <inheritdoc/>
    public override long Flops(Shape x) => Geometry(x).Flops;

    private ConvolutionGeometry Geometry(Shape x)
    {
        (Padding padding, (int Height, int Width)? size) = Place(x);
        return ConvolutionGeometry.CreateTransposed(x, ShapeOf(W)!.Value, (Stride, Stride), padding, (1, 1), 1, size);
    }

    private (Padding Padding, (int Height, int Width)? Size) Place(Shape x) => Padding.ForTransposed(x, (Kernel, Kernel), (Stride, Stride), (1, 1));
}
