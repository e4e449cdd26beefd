namespace NativeFree.Training;

/// <summary>What all epochs of a run gave, also of a run that was interrupted and resumed.</summary>
public sealed class History
{
    private readonly List<EpochRecord> epochs = [];

    /// <summary>The epochs in order.</summary>
    public IReadOnlyList<EpochRecord> Epochs => epochs;

    /// <summary>Why the run ended before its last epoch; null where it did not.</summary>
    public string? StopReason { get; internal set; }

    /// <summary>The epoch whose weights were put back at the end; null where the last ones stayed.</summary>
    public int? RestoredEpoch { get; internal set; }

    /// <summary>All values of one measure by the name it has in logs, such as <c>val_loss</c>; NaN where an epoch has none.</summary>
    public double[] Values(string name) => [.. epochs.Select(epoch => epoch[name] ?? double.NaN)];

    internal void Add(EpochRecord record) => epochs.Add(record);

    internal void Save(StateWriter state)
    {
        state.Write("stop_reason", StopReason ?? "");
        state.Write("restored_epoch", RestoredEpoch ?? -1);
        state.Write("epochs", epochs.Count);
        if (epochs.Count == 0)
            return;
        state.Write("learning_rate", Values("learning_rate"));
        state.Write("steps", [.. epochs.Select(epoch => epoch.Steps)]);
        state.Write("seconds", [.. epochs.Select(epoch => epoch.Time.TotalSeconds)]);
        Save(state.In("training"), [.. epochs.Select(epoch => epoch.Training)]);
        if (epochs.TrueForAll(epoch => epoch.Validation is not null))
            Save(state.In("validation"), [.. epochs.Select(epoch => epoch.Validation!)]);
    }

    internal static History Restore(StateReader state)
    {
        var history = new History { StopReason = state.Text("stop_reason") is { Length: > 0 } reason ? reason : null };
        history.RestoredEpoch = state.Int64("restored_epoch") is >= 0 and var restored ? (int)restored : null;
        int count = state.Count("epochs");
        if (count == 0)
            return history;
        double[] rates = state.Doubles("learning_rate", count), seconds = state.Doubles("seconds", count);
        long[] steps = state.Int64s("steps", count);
        Measures[] training = Restore(state.In("training"), count);
        Measures[]? validation = state.Contains("validation/loss") ? Restore(state.In("validation"), count) : null;
        for (int i = 0; i < count; i++)
            history.Add(new EpochRecord(i, training[i], validation?[i], rates[i], steps[i], TimeSpan.FromSeconds(Math.Clamp(seconds[i], 0, 1e9))));
        return history;
    }

    // NaN stands for a measure that is not there.
    private static void Save(StateWriter state, Measures[] measures)
    {
        state.Write("loss", [.. measures.Select(each => each.Loss)]);
        state.Write("accuracy", [.. measures.Select(each => each.Accuracy)]);
        int classes = measures[0].IoU.Count;
        if (classes == 0)
            return;
        state.Write("mean_iou", [.. measures.Select(each => each.MeanIoU ?? double.NaN)]);
        state.Write("classes", classes);
        state.Write("iou", [.. measures.SelectMany(each => each.IoU.Select(value => value ?? double.NaN))]);
    }

    private static Measures[] Restore(StateReader state, int count)
    {
        double[] loss = state.Doubles("loss", count), accuracy = state.Doubles("accuracy", count);
        if (!state.Contains("iou"))
            return [.. Enumerable.Range(0, count).Select(i => new Measures { Loss = loss[i], Accuracy = accuracy[i] })];
        int classes = state.Count("classes");
        double[] mean = state.Doubles("mean_iou", count), iou = state.Doubles("iou", (long)count * classes);
        return
        [
            .. Enumerable.Range(0, count).Select(i => new Measures
            {
                Loss = loss[i],
                Accuracy = accuracy[i],
                MeanIoU = mean[i],
                IoU = [.. iou.AsSpan(i * classes, classes).ToArray().Select(value => double.IsNaN(value) ? (double?)null : value)],
            }),
        ];
    }
}
