using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>
    /// y = (x − mean)·gamma / √(variance + epsilon) + beta, channel by channel. On a training tape mean and (biased) variance are the batch's, over all axes but the last, and the running statistics follow:
    /// running = decay·running + (1 − decay)·batch. Elsewhere, or frozen, they are the running statistics, constants for the gradient.
    /// </summary>
    /// <param name="x">float32 [N, H, W, C] or [N, C] (any rank from 1).</param>
    /// <param name="gamma">float32 [C].</param>
    /// <param name="beta">float32 [C].</param>
    /// <param name="runningMean">float32 [C]; written to where the batch's statistics are used.</param>
    /// <param name="runningVariance">float32 [C]; written to where the batch's statistics are used.</param>
    /// <param name="options">Epsilon and rules; Chainer's unless given.</param>
    /// <returns>float32 of the shape of x.</returns>
    /// <exception cref="ShapeException">x has no axis, or a per-channel tensor is not [C].</exception>
    public static Variable BatchNormalization(Variable x, Variable gamma, Variable beta, Tensor runningMean, Tensor runningVariance, BatchNormalizationOptions? options = null)
    {
        return Normalization(x, gamma, beta, runningMean, runningVariance, options).Apply(x, gamma, beta);
    }

    // The operator for checked operands, whether it stands alone or in a fused one.
    private static BatchNormalizationOp Normalization(Variable x, Variable gamma, Variable beta, Tensor runningMean, Tensor runningVariance, BatchNormalizationOptions? options)
    {
        ArgumentNullException.ThrowIfNull(runningMean);
        ArgumentNullException.ThrowIfNull(runningVariance);
        if (x.Shape.Rank < 1)
            throw new ShapeException("BatchNormalization: x has channels as its last axis; got a scalar.");
        var channels = new Shape(x.Shape[-1]);
        ShapeException.RequireEqual("BatchNormalization: gamma", channels, gamma.Shape);
        ShapeException.RequireEqual("BatchNormalization: beta", channels, beta.Shape);
        ShapeException.RequireEqual("BatchNormalization: running mean", channels, runningMean.Shape);
        ShapeException.RequireEqual("BatchNormalization: running variance", channels, runningVariance.Shape);
        options ??= new BatchNormalizationOptions();
        bool batch = !options.Frozen && Tape.Current is { Training: true };
        return new BatchNormalizationOp(options, batch, runningMean, runningVariance);
    }
}

/// <summary>Batch normalization; inputs x, gamma, beta. Keeps x, gamma and the statistics used, but not y.</summary>
/// <param name="options">Epsilon and rules.</param>
/// <param name="batch">Whether the batch's statistics are used.</param>
/// <param name="runningMean">The running mean.</param>
/// <param name="runningVariance">The running variance.</param>
public sealed class BatchNormalizationOp(BatchNormalizationOptions options, bool batch, Tensor runningMean, Tensor runningVariance) : Op
{
    /// <summary>Epsilon and rules.</summary>
    public BatchNormalizationOptions Options { get; } = options;

    /// <summary>Whether the batch's statistics are used.</summary>
    public bool UsesBatch { get; } = batch;

    /// <summary>The running mean.</summary>
    public Tensor RunningMean { get; } = runningMean;

    /// <summary>The running variance.</summary>
    public Tensor RunningVariance { get; } = runningVariance;

    /// <inheritdoc/>
    public override string Name => "BatchNormalization";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        Device device = x[0].Device;
        var y = new Tensor(device, x[0].Shape);
        (Tensor mean, Tensor variance) = Statistics(x[0], x[1].Shape);
        saved.Keep(x[0]);
        saved.Keep(x[1]);
        saved.Keep(mean);
        saved.Keep(variance);
        device.Normalization.Normalize(x[0], mean, variance, x[1], x[2], Options.Epsilon, y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g) => Differentiate(saved, gy, g);

    /// <summary>The statistics that normalize x: the batch's own, which the running ones follow, or the running ones.</summary>
    internal (Tensor Mean, Tensor Variance) Statistics(Tensor x, Shape channels)
    {
        if (!UsesBatch)
            return (RunningMean, RunningVariance);
        Tensor mean = new(x.Device, channels), variance = new(x.Device, channels);
        x.Device.Normalization.Moments(x, mean, variance);
        Follow(x.Count / Math.Max(channels.Count, 1), mean, variance);
        return (mean, variance);
    }

    /// <summary>The gradients of inputs 0 to 2 from what forward kept first: x, gamma, mean, variance.</summary>
    internal void Differentiate(Saved saved, Tensor gy, Gradients g)
    {
        INormalization kernels = gy.Device.Normalization;
        (Tensor x, Tensor gamma, Tensor mean, Tensor variance) = (saved[0], saved[1], saved[2], saved[3]);
        bool scales = g.Wants(1) || g.Wants(2) || (UsesBatch && g.Wants(0));
        if (!scales)
        {
            if (g.Wants(0))
                kernels.BackwardFixed(gy, variance, gamma, Options.Epsilon, g.Over(0, gy));
            return;
        }
        Tensor ggamma = g.Wants(1) ? g[1] : new Tensor(gy.Device, gamma.Shape), gbeta = g.Wants(2) ? g[2] : new Tensor(gy.Device, gamma.Shape);
        kernels.ScaleGradients(x, gy, mean, variance, Options.Epsilon, ggamma, gbeta);
        if (g.Wants(0) && UsesBatch)
            kernels.BackwardBatch(x, gy, mean, variance, gamma, Options.Epsilon, ggamma, gbeta, g.Over(0, gy));
        else if (g.Wants(0))
            kernels.BackwardFixed(gy, variance, gamma, Options.Epsilon, g.Over(0, gy));
        if (!g.Wants(1))
            ggamma.Release();
        if (!g.Wants(2))
            gbeta.Release();
    }

    private void Follow(long m, Tensor mean, Tensor variance)
    {
        double keep = Options.Decay, take = 1 - keep, correction = Options.UnbiasedRunningVariance ? (double)m / Math.Max(m - 1, 1) : 1;
        IElementwise kernels = mean.Device.Elementwise;
        kernels.Combine((float)keep, RunningMean, (float)take, mean, RunningMean);
        kernels.Combine((float)keep, RunningVariance, (float)(take * correction), variance, RunningVariance);
    }
}
