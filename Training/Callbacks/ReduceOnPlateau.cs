using NativeFree.Autograd;

namespace NativeFree.Training;

/// <summary>
/// Multiplies the learning rate by <see cref="Factor"/> when the monitored measure has not become better for <see cref="Patience"/> epochs, down to <see cref="MinRate"/>. Keras's rules: after a reduction the counter stands
/// still for <see cref="Cooldown"/> epochs; better means by more than the monitor's smallest difference, which is 1e-4 unless given. The optimizer's schedule keeps its form and is scaled as a whole.
/// </summary>
/// <param name="monitor">What is followed.</param>
/// <param name="factor">What the rate is multiplied by, at least 0 and below 1.</param>
/// <param name="patience">Epochs without improvement after which the rate is reduced, at least 0.</param>
public sealed class ReduceOnPlateau(Monitor? monitor = null, double factor = 0.1, int patience = 10) : Callback
{
    private double? best;
    private double scale = 1;
    private int wait;
    private int cooling;
    private LearningRate? original;

    /// <inheritdoc/>
    public override string Name => "reduce_on_plateau";

    /// <summary>What is followed; <c>val_loss</c> with a smallest difference of 1e-4 unless given.</summary>
    public Monitor Monitor { get; } = monitor ?? new Monitor("val_loss", 1e-4);

    /// <summary>What the rate is multiplied by.</summary>
    public double Factor { get; } = factor is >= 0 and < 1 ? factor : throw new ArgumentOutOfRangeException(nameof(factor), factor, "ReduceOnPlateau: the factor is at least 0 and below 1.");

    /// <summary>Epochs without improvement after which the rate is reduced.</summary>
    public int Patience { get; } = patience >= 0 ? patience : throw new ArgumentOutOfRangeException(nameof(patience), patience, "ReduceOnPlateau: the patience is 0 epochs or more.");

    /// <summary>Epochs after a reduction in which nothing is counted.</summary>
    public int Cooldown { get; init; }

    /// <summary>The rate is not reduced below this.</summary>
    public double MinRate { get; init; }

    /// <inheritdoc/>
    public override void OnStart(Trainer trainer)
    {
        original ??= trainer.Optimizer.Schedule;
        Apply(trainer);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(Trainer trainer, EpochRecord record)
    {
        double value = Monitor.Of(record);
        if (cooling > 0)
        {
            cooling--;
            wait = 0;
        }
        if (Monitor.IsBetter(value, best))
        {
            best = value;
            wait = 0;
            return;
        }
        if (cooling > 0 || ++wait < Patience || !(record.LearningRate > MinRate))
            return;
        scale *= Factor;
        (cooling, wait) = (Cooldown, 0);
        Apply(trainer);
    }

    /// <inheritdoc/>
    public override void Save(StateWriter state)
    {
        state.Write("best", best ?? double.NaN);
        state.Write("scale", scale);
        state.Write("wait", wait);
        state.Write("cooling", cooling);
    }

    /// <inheritdoc/>
    public override void Restore(Trainer trainer, StateReader state)
    {
        best = state.Double("best") is var stored && double.IsNaN(stored) ? null : stored;
        scale = Math.Clamp(state.Double("scale"), 0, 1);
        wait = state.Count("wait");
        cooling = state.Count("cooling");
    }

    private void Apply(Trainer trainer)
    {
        if (scale != 1)
            trainer.Optimizer.Schedule = original!.Scaled(scale, MinRate);
    }
}
