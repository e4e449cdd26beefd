namespace NativeFree.Training;

/// <summary>
/// Stops a run whose monitored measure has not become better for <see cref="Patience"/> epochs. Keras 3's rules: better means by more than the monitor's smallest difference; the counter starts again only
/// when the value also beats <see cref="Baseline"/>; the run never stops after its first epoch; with <see cref="RestoreBest"/> the best epoch's weights and statistics are put back at the end, however the run ends (tf.keras 2
/// did so only when it stopped early). A NaN counts as not better. A run that had all its epochs and is given more goes on with the weights of its last epoch, as if it had had them from the start.
/// </summary>
/// <param name="monitor">What is followed.</param>
/// <param name="patience">Epochs without improvement after which the run stops, not negative.</param>
public sealed class EarlyStopping(Monitor? monitor = null, int patience = 0) : Callback
{
    private WeightCopy? weights;
    private double? best;

    /// <inheritdoc/>
    public override string Name => "early_stopping";

    /// <summary>What is followed; <c>val_loss</c> unless given.</summary>
    public Monitor Monitor { get; } = monitor ?? "val_loss";

    /// <summary>Epochs without improvement after which the run stops.</summary>
    public int Patience { get; } = patience >= 0 ? patience : throw new ArgumentOutOfRangeException(nameof(patience), patience, "EarlyStopping: the patience is 0 epochs or more.");

    /// <summary>Whether the best epoch's weights are put back at the end; they are kept in a copy on the device.</summary>
    public bool RestoreBest { get; init; }

    /// <summary>A value that must be beaten before the counter starts again; null for none.</summary>
    public double? Baseline { get; init; }

    /// <summary>Epochs before this one, from 0, are not looked at.</summary>
    public int StartFromEpoch { get; init; }

    /// <summary>Epochs since the last improvement.</summary>
    public int Wait { get; private set; }

    /// <summary>The best epoch, from 0; 0 before any.</summary>
    public int BestEpoch { get; private set; }

    /// <summary>The epoch at whose end the run was stopped, from 0; null where it was not.</summary>
    public int? StoppedEpoch { get; private set; }

    /// <inheritdoc/>
    public override void OnStart(Trainer trainer)
    {
        if (weights is null || trainer.Ended || trainer.History.RestoredEpoch is null || trainer.Epoch >= trainer.Epochs)
            return;
        weights.Swap();
        trainer.History.RestoredEpoch = null;
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(Trainer trainer, EpochRecord record)
    {
        double value = Monitor.Of(record);
        if (record.Epoch < StartFromEpoch)
            return;
        if (RestoreBest && weights is null)
            Keep(trainer, record.Epoch);
        Wait++;
        if (Monitor.IsBetter(value, best))
        {
            best = value;
            Keep(trainer, record.Epoch);
            if (Baseline is not { } baseline || Monitor.IsBetter(value, baseline))
                Wait = 0;
            return;
        }
        if (Wait < Patience || record.Epoch == 0)
            return;
        StoppedEpoch = record.Epoch;
        trainer.Stop($"{Monitor.Name} was best in epoch {BestEpoch + 1} and not better in {Wait} after it");
    }

    /// <inheritdoc/>
    public override void OnEnd(Trainer trainer)
    {
        if (weights is null || trainer.History.RestoredEpoch is not null)
            return;
        weights.Swap(); // the last ones are kept, for a run that is given more epochs
        trainer.History.RestoredEpoch = BestEpoch;
    }

    /// <inheritdoc/>
    public override void Save(StateWriter state)
    {
        state.Write("wait", Wait);
        state.Write("best", best ?? double.NaN);
        state.Write("best_epoch", BestEpoch);
        state.Write("stopped_epoch", StoppedEpoch ?? -1);
        weights?.Save(state.In("weights"));
    }

    /// <inheritdoc/>
    public override void Restore(Trainer trainer, StateReader state)
    {
        Wait = state.Count("wait");
        best = state.Double("best") is var stored && double.IsNaN(stored) ? null : stored;
        BestEpoch = state.Count("best_epoch");
        StoppedEpoch = state.Int64("stopped_epoch") is >= 0 and var stopped ? (int)stopped : null;
        if (RestoreBest && state.ContainsAny("weights"))
            weights = WeightCopy.Restore(trainer.Classifier.Network, state.In("weights"));
    }

    private void Keep(Trainer trainer, int epoch)
    {
        BestEpoch = epoch;
        if (!RestoreBest)
            return;
        weights ??= new WeightCopy(trainer.Classifier.Network);
        weights.Take();
    }
}
