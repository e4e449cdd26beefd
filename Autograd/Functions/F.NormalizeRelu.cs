using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>
    /// max(<see cref="BatchNormalization"/>(x), 0). While training on a device that says so (<see cref="Fusions.NormalizeRelu"/>) one pass over memory forward and two backward instead of five; else the two functions. The numbers are the same.
    /// </summary>
    /// <param name="x">float32 [..., C].</param>
    /// <param name="gamma">Scale, [C].</param>
    /// <param name="beta">Shift, [C].</param>
    /// <param name="runningMean">Statistics that follow or are used, as for <see cref="BatchNormalization"/>.</param>
    /// <param name="runningVariance">As <paramref name="runningMean"/>.</param>
    /// <param name="options">Epsilon, decay and frozen statistics; null takes the defaults.</param>
    /// <returns>float32 of the shape of x.</returns>
    /// <exception cref="ShapeException">A shape is not [C].</exception>
    public static Variable NormalizeRelu(Variable x, Variable gamma, Variable beta, Tensor runningMean, Tensor runningVariance, BatchNormalizationOptions? options = null) => Fuses(x.Device, Fusions.NormalizeRelu)
        ? new NormalizeReluOp(Normalization(x, gamma, beta, runningMean, runningVariance, options)).Apply(x, gamma, beta)
        : Relu(BatchNormalization(x, gamma, beta, runningMean, runningVariance, options));

    /// <summary>
    /// max(<see cref="BatchNormalization"/>(x) + shortcut, 0): the end of a residual block. One pass over memory forward while training on a device that says so (<see cref="Fusions.NormalizeAddRelu"/>), the three functions else; the
    /// numbers are the same.
    /// </summary>
    /// <param name="x">float32 [..., C].</param>
    /// <param name="gamma">Scale, [C].</param>
    /// <param name="beta">Shift, [C].</param>
    /// <param name="runningMean">Statistics that follow or are used, as for <see cref="BatchNormalization"/>.</param>
    /// <param name="runningVariance">As <paramref name="runningMean"/>.</param>
    /// <param name="shortcut">float32 of x's shape.</param>
    /// <param name="options">Epsilon, decay and frozen statistics; null takes the defaults.</param>
    /// <returns>float32 of the shape of x.</returns>
    /// <exception cref="ShapeException">The shortcut's shape is not that of x, or another shape is not [C].</exception>
    public static Variable NormalizeAddRelu(Variable x, Variable gamma, Variable beta, Tensor runningMean, Tensor runningVariance, Variable shortcut, BatchNormalizationOptions? options = null)
    {
        ShapeException.RequireEqual("NormalizeAddRelu: shortcut", x.Shape, shortcut.Shape);
        return Fuses(x.Device, Fusions.NormalizeAddRelu)
            ? new NormalizeReluOp(Normalization(x, gamma, beta, runningMean, runningVariance, options)).Apply(x, gamma, beta, shortcut)
            : Relu(Add(BatchNormalization(x, gamma, beta, runningMean, runningVariance, options), shortcut));
    }

    // A trace for a plan sees single operators: plans fold and fuse them on their own.
    private static bool Fuses(Device device, Fusions fusion) => device.Fusions.HasFlag(fusion) && Tape.Current is { Training: true };
}

/// <summary>
/// Batch normalization, perhaps an addition, and ReLU; inputs x, gamma, beta and perhaps the shortcut. Keeps x, gamma, beta, the statistics used and y, which the operators behind it keep as well; the value before the ReLU is never
/// stored. Gradients go into the memory of the one that arrives where nobody else reads that.
/// </summary>
/// <param name="normalization">The statistics' rule.</param>
public sealed class NormalizeReluOp(BatchNormalizationOp normalization) : Op
{
    private bool adds;

    /// <inheritdoc/>
    public override string Name => adds ? "NormalizeAddRelu" : "NormalizeRelu";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        adds = x.Length > 3;
        (Tensor mean, Tensor variance) = normalization.Statistics(x[0], x[1].Shape);
        saved.Keep(x[0]);
        saved.Keep(x[1]);
        saved.Keep(mean);
        saved.Keep(variance);
        saved.Keep(x[2]);
        var y = new Tensor(x[0].Device, x[0].Shape);
        y.Device.FusedNormalization!.Forward(x[0], mean, variance, x[1], x[2], normalization.Options.Epsilon, adds ? x[3] : null, y);
        return saved.Keep(y);
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        (Tensor gamma, Tensor variance, Tensor y) = (saved[1], saved[3], saved[5]);
        IFusedNormalization kernels = gy.Device.FusedNormalization!;
        bool scales = g.Wants(1) || g.Wants(2), fixes = !normalization.UsesBatch && !scales;
        Tensor? gshortcut = !adds ? null : g.Wants(3) ? g.Over(3, gy) : new Tensor(gy.Device, gy.Shape);
        if (g.Wants(0) && fixes)
        {
            kernels.BackwardFixed(y, gy, variance, gamma, normalization.Options.Epsilon, adds ? g[0] : g.Over(0, gy), gshortcut);
        }
        else if (g.Wants(0) && normalization.UsesBatch)
        {
            Tensor ggamma = g.Wants(1) ? g[1] : new Tensor(gy.Device, gamma.Shape), gbeta = g.Wants(2) ? g[2] : new Tensor(gy.Device, gamma.Shape);
            kernels.BackwardBatch(saved[0], saved[2], variance, gamma, saved[4], normalization.Options.Epsilon, y, gy, ggamma, gbeta, adds ? g[0] : g.Over(0, gy), gshortcut);
            if (!g.Wants(1))
                ggamma.Release();
            if (!g.Wants(2))
                gbeta.Release();
        }
        else
        {
            // Rare: trained scales behind frozen statistics, or an input that wants no gradient.
            Tensor gated = gshortcut ?? new Tensor(gy.Device, gy.Shape);
            gy.Device.Elementwise.ActivateBackward(new Activation(ActivationKind.Relu), y, gy, gated);
            normalization.Differentiate(saved, gated, g);
            if (!adds)
                gated.Release();
        }
        if (adds && !g.Wants(3))
            gshortcut!.Release();
    }
}
