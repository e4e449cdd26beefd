using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>
    /// max(<see cref="BatchNormalization"/>(x) + shortcut, 0): the end of a residual block. One pass over memory where the device fuses blocks, the three functions elsewhere; the numbers are the same.
    /// </summary>
    /// <param name="x">float32 [..., C].</param>
    /// <param name="gamma">Scale, [C].</param>
    /// <param name="beta">Shift, [C].</param>
    /// <param name="runningMean">Statistics that follow or are used, as for <see cref="BatchNormalization"/>.</param>
    /// <param name="runningVariance">As <paramref name="runningMean"/>.</param>
    /// <param name="shortcut">float32 of x's shape.</param>
    /// <param name="options">Epsilon, decay and frozen statistics; null takes the defaults.</param>
    /// <exception cref="ShapeException">The shortcut's shape is not that of x, or another shape is not [C].</exception>
    public static Variable NormalizeAddRelu(Variable x, Variable gamma, Variable beta, Tensor runningMean, Tensor runningVariance, Variable shortcut, BatchNormalizationOptions? options = null)
    {
        ShapeException.RequireEqual("NormalizeAddRelu: shortcut", x.Shape, shortcut.Shape);
        if (!Fuses(x.Device))
            return Relu(Add(BatchNormalization(x, gamma, beta, runningMean, runningVariance, options), shortcut));
        return new NormalizeAddReluOp(Normalization(x, gamma, beta, runningMean, runningVariance, options)).Apply(x, gamma, beta, shortcut);
    }
}

/// <summary>Batch normalization, addition and ReLU in one pass; inputs x, gamma, beta, shortcut. The sum before the ReLU is never stored.</summary>
/// <param name="normalization">The statistics' rule.</param>
public sealed class NormalizeAddReluOp(BatchNormalizationOp normalization) : Op
{
    /// <inheritdoc/>
    public override string Name => "NormalizeAddRelu";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        (Tensor mean, Tensor variance) = normalization.Statistics(x[0], x[1].Shape);
        saved.Keep(x[0]);
        saved.Keep(x[1]);
        saved.Keep(mean);
        saved.Keep(variance);
        var y = new Tensor(x[0].Device, x[0].Shape);
        y.Device.Blocks!.NormalizeAddRelu(x[0], mean, variance, x[1], x[2], normalization.Options.Epsilon, x[3], y);
        return saved.Keep(y);
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        Tensor y = saved[4], gshortcut = g.Wants(3) ? g[3] : new Tensor(gy.Device, gy.Shape);
        if (!normalization.UsesBatch && g.Wants(0) && !g.Wants(1) && !g.Wants(2))
        {
            gy.Device.Blocks!.NormalizeAddReluBackward(y, gy, saved[3], saved[1], normalization.Options.Epsilon, g[0], gshortcut);
        }
        else
        {
            // The sums over rows need the gated gradient whole before the gradient of x can be made.
            gy.Device.Elementwise.ActivateBackward(new Activation(ActivationKind.Relu), y, gy, gshortcut);
            normalization.Differentiate(saved, gshortcut, g);
        }
        if (!g.Wants(3))
            gshortcut.Release();
    }
}
