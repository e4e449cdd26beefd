using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>One of several convolutions whose results are joined along channels.</summary>
/// <param name="X">float32 [N, H, W, C].</param>
/// <param name="W">float32 [R, S, C/groups, O].</param>
/// <param name="B">float32 [O], or null.</param>
/// <param name="Stride">Along rows and columns.</param>
/// <param name="Padding">Zeros around x.</param>
/// <param name="Dilation">Along rows and columns.</param>
/// <param name="Groups">Groups of channels.</param>
public sealed record ConvolutionBranch(Variable X, Variable W, Variable? B, (int Y, int X) Stride, Padding Padding, (int Y, int X) Dilation, int Groups)
{
    internal ConvolutionGeometry Geometry => ConvolutionGeometry.Create(X.Shape, W.Shape, Stride, Padding, Dilation, Groups);
}

public static partial class F
{
    /// <summary>
    /// max(<see cref="Concat"/>(convolutions), 0): the end of an Inception block. Where the device fuses blocks, each convolution writes its channels of the result, and reads those of the gradient, in place; elsewhere the functions
    /// run one after the other. The numbers are the same.
    /// </summary>
    /// <param name="branches">At least one; their results agree in all axes but the last.</param>
    /// <exception cref="ShapeException">There is no branch, or results differ in batch, rows or columns, or a branch's shapes do not fit.</exception>
    public static Variable ConvolutionBranches(params ReadOnlySpan<ConvolutionBranch> branches)
    {
        if (branches.Length == 0)
            throw new ShapeException("ConvolutionBranches: there is at least one branch; got none.");
        if (!Fuses(branches[0].X.Device, Fusions.ConvolutionBranches))
        {
            var joined = new Variable[branches.Length];
            for (int i = 0; i < joined.Length; i++)
                joined[i] = Convolution2D(branches[i].X, branches[i].W, branches[i].B, branches[i].Stride, branches[i].Padding, branches[i].Dilation, branches[i].Groups);
            return Relu(Concat(-1, joined));
        }
        var geometries = new ConvolutionGeometry[branches.Length];
        var hasBias = new bool[branches.Length];
        var inputs = new List<Variable>(3 * branches.Length);
        int channels = 0;
        for (int i = 0; i < geometries.Length; i++)
        {
            geometries[i] = branches[i].Geometry;
            if (geometries[i].OutShape.With(3, 0) != geometries[0].OutShape.With(3, 0))
                throw new ShapeException($"ConvolutionBranches: results agree in all axes but the last; got {geometries[0].OutShape} and {geometries[i].OutShape}.");
            channels = checked(channels + geometries[i].OutChannels);
            inputs.Add(branches[i].X);
            inputs.Add(branches[i].W);
            hasBias[i] = branches[i].B is not null;
            if (branches[i].B is { } bias)
            {
                ShapeException.RequireEqual("ConvolutionBranches: bias", new Shape(geometries[i].OutChannels), bias.Shape);
                inputs.Add(bias);
            }
        }
        return new ConvolutionBranchesOp(geometries, hasBias, geometries[0].OutShape.With(3, channels)).Apply([.. inputs]);
    }
}

/// <summary>Convolutions side by side with ReLU; inputs x, w and, where it has one, bias of each in turn.</summary>
/// <param name="geometries">Their sizes.</param>
/// <param name="hasBias">Which have a bias.</param>
/// <param name="shape">The joined result's shape.</param>
public sealed class ConvolutionBranchesOp(ConvolutionGeometry[] geometries, bool[] hasBias, Shape shape) : Op
{
    /// <inheritdoc/>
    public override string Name => "ConvolutionBranches";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, shape);
        int at = 0, channel = 0;
        for (int i = 0; i < geometries.Length; i++)
        {
            y.Device.FusedBranches!.Convolve(geometries[i], saved.Keep(x[at]), saved.Keep(x[at + 1]), hasBias[i] ? x[at + 2] : null, y, channel);
            at += hasBias[i] ? 3 : 2;
            channel += geometries[i].OutChannels;
        }
        return saved.Keep(y);
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        Device device = gy.Device;
        Tensor gated = new(device, shape);
        device.Elementwise.ActivateBackward(new Activation(ActivationKind.Relu), saved[2 * geometries.Length], gy, gated);
        Tensor? sums = null;
        int at = 0, channel = 0;
        for (int i = 0; i < geometries.Length; i++)
        {
            if (g.Wants(at))
                device.FusedBranches!.ConvolveBackwardInput(geometries[i], gated, channel, saved[(2 * i) + 1], g[at]);
            if (g.Wants(at + 1))
                device.FusedBranches!.ConvolveBackwardFilter(geometries[i], saved[2 * i], gated, channel, g[at + 1]);
            if (hasBias[i] && g.Wants(at + 2))
            {
                sums ??= BiasGradients(device, gated);
                device.Elementwise.CopyBox(sums, [channel], g[at + 2], [0], [geometries[i].OutChannels]);
            }
            at += hasBias[i] ? 3 : 2;
            channel += geometries[i].OutChannels;
        }
        sums?.Release();
        gated.Release();
    }

    // All biases' gradients in one pass.
    private Tensor BiasGradients(Device device, Tensor gated)
    {
        var sums = new Tensor(device, new Shape(shape[3]));
        device.Reductions.Sum(gated, 1, checked((int)shape.CountBefore(3)), shape[3], 1, sums);
        return sums;
    }
}
