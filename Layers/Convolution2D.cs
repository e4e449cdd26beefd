using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>
/// y[n,p,q,o] = b[o] + Σ over r,s,i of x[n, p·stride − pad + r·dilation, …, i] · W[r,s,i,o], without a flip (formula and sizes: <see cref="ConvolutionGeometry"/>).
/// x float32 [N, H, W, I], W [R, S, I/groups, O], b [O], y [N, P, Q, O].
/// </summary>
public sealed class Convolution2D : Layer
{
    /// <summary>Describes the layer; the filter takes memory later.</summary>
    /// <param name="inChannels">I, or null to take it from the first input.</param>
    /// <param name="outChannels">O.</param>
    /// <param name="kernel">R and S.</param>
    /// <param name="stride">Step between windows, both ways.</param>
    /// <param name="padding">Zeros around the input.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="dilation">Step between the pixels of a window, both ways.</param>
    /// <param name="groups">Channel groups; each output channel sees the inputs of its own group.</param>
    /// <param name="initializer">First values of W; <see cref="Initializer.LeCunNormal"/> when null. b starts at 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Convolution2D(
        int? inChannels, int outChannels, int kernel, int stride = 1, PaddingRule padding = default, bool bias = true, int dilation = 1, int groups = 1, Initializer? initializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inChannels ?? 1, 1, nameof(inChannels));
        ArgumentOutOfRangeException.ThrowIfLessThan(outChannels, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(kernel, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dilation, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(groups, 1);
        OutChannels = outChannels;
        Kernel = kernel;
        Stride = stride;
        Padding = padding;
        Dilation = dilation;
        Groups = groups;
        W = AddParameter("W", inChannels is { } known ? FilterShape(known) : null, initializer ?? Initializer.LeCunNormal, static w => (w.CountBefore(3), w.CountBefore(2) * w[3]));
        B = bias ? AddParameter("b", new Shape(outChannels), Initializer.Zero) : null;
    }

    /// <summary>O.</summary>
    public int OutChannels { get; }

    /// <summary>R = S.</summary>
    public int Kernel { get; }

    /// <summary>Step between windows.</summary>
    public int Stride { get; }

    /// <summary>Zeros around the input.</summary>
    public PaddingRule Padding { get; }

    /// <summary>Step between the pixels of a window.</summary>
    public int Dilation { get; }

    /// <summary>Channel groups.</summary>
    public int Groups { get; }

    /// <summary>The filter, [R, S, I/groups, O].</summary>
    public Parameter W { get; }

    /// <summary>The bias, [O], or null.</summary>
    public Parameter? B { get; }

    /// <inheritdoc/>
    protected override void Learn(Shape x) => FixShape(W, FilterShape(x[-1]));

    /// <summary>This convolution of x as one of several.</summary>
    internal ConvolutionBranch Branch(Variable x)
    {
        using LayerPath.Step step = Enter();
        Learn(x.Shape);
        Initialize();
        return new ConvolutionBranch(x, W, B, (Stride, Stride), Padding.For(x.Shape, (Kernel, Kernel), (Stride, Stride), (Dilation, Dilation)), (Dilation, Dilation), Groups);
    }

    /// <inheritdoc/>
    protected override Variable Compute(Variable x)
    {
        return F.Convolution2D(x, W, B, (Stride, Stride), Padding.For(x.Shape, (Kernel, Kernel), (Stride, Stride), (Dilation, Dilation)), (Dilation, Dilation), Groups);
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x) => Geometry(x).OutShape;

    /// <inheritdoc/>
    public override long Flops(Shape x) => Geometry(x).Flops;

    private ConvolutionGeometry Geometry(Shape x) => ConvolutionGeometry.Create(
        x, ShapeOf(W) ?? FilterShape(x[-1]), (Stride, Stride), Padding.For(x, (Kernel, Kernel), (Stride, Stride), (Dilation, Dilation)), (Dilation, Dilation), Groups);

    private Shape FilterShape(int channels) => new(Kernel, Kernel, channels / Groups, OutChannels);
}
