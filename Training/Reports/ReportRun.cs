using NativeFree.Autograd;

namespace NativeFree.Training;

/// <summary>One run of training as a report shows it.</summary>
/// <param name="Name">What it is called in tables and above pictures.</param>
public sealed record ReportRun(string Name)
{
    /// <summary>Runs of one group (the same settings, other seeds) have one colour; the run's own name unless set.</summary>
    public string Group { get; init; } = Name;

    /// <summary>What was measured each epoch.</summary>
    public IReadOnlyList<ReportCurve> Curves { get; init; } = [];

    /// <summary>Seconds that each epoch took.</summary>
    public IReadOnlyList<double> Seconds { get; init; } = [];

    /// <summary>The epoch whose weights were kept, from 0; null where it was the last.</summary>
    public int? KeptEpoch { get; init; }

    /// <summary>Why it ended, or null where it had all its epochs.</summary>
    public string? StopReason { get; init; }

    /// <summary>Results that a table of all runs shows, by heading, such as the accuracy on test data: 0 to 1 shown as a percentage.</summary>
    public IReadOnlyList<(string Heading, double Value)> Results { get; init; } = [];

    /// <summary>How often each class was taken for which, or null.</summary>
    public ConfusionMatrix? Confusion { get; init; }

    /// <summary>Curves, times, kept epoch and end out of a trainer's history.</summary>
    /// <param name="name">What the run is called.</param>
    /// <param name="history">What its epochs gave.</param>
    public static ReportRun Of(string name, History history)
    {
        ArgumentNullException.ThrowIfNull(history);
        IReadOnlyList<string> measures = history.Epochs.Count == 0 ? [] : history.Epochs[0].Names;
        return new ReportRun(name)
        {
            Curves = [.. measures.Select(measure => measure.StartsWith("val_", StringComparison.Ordinal)
                ? new ReportCurve(Title(measure[4..]), false, history.Values(measure))
                : new ReportCurve(Title(measure), true, history.Values(measure)))],
            Seconds = [.. history.Epochs.Select(epoch => epoch.Time.TotalSeconds)],
            KeptEpoch = history.RestoredEpoch,
            StopReason = history.StopReason,
        };

        static string Title(string measure) => measure == "mean_iou" ? "mean IoU" : measure;
    }
}

/// <summary>One measure over the epochs of a run.</summary>
/// <param name="Measure">What is measured: runs' curves of one measure share a chart.</param>
/// <param name="OnTraining">Whether on the data that were learnt from, drawn thin, or on others, drawn bold.</param>
/// <param name="Values">One value an epoch; NaN where there is none.</param>
public sealed record ReportCurve(string Measure, bool OnTraining, IReadOnlyList<double> Values);
