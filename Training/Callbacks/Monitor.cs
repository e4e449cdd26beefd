namespace NativeFree.Training;

/// <summary>
/// A measure that a callback follows, and what counts as better: lower by more than <see cref="MinDelta"/>, or higher for accuracies and IoU. The first value always counts, a NaN never.
/// </summary>
/// <param name="Name">A name of <see cref="EpochRecord"/>: <c>val_loss</c>, <c>loss</c>, <c>val_accuracy</c>, <c>val_mean_iou</c> …</param>
/// <param name="MinDelta">By how much more than nothing a value must be better; 0 or more and finite.</param>
public sealed record Monitor(string Name, double MinDelta = 0)
{
    /// <summary>By how much more than nothing a value must be better; 0 or more and finite.</summary>
    public double MinDelta { get; } = MinDelta >= 0 && double.IsFinite(MinDelta)
        ? MinDelta
        : throw new ArgumentOutOfRangeException(nameof(MinDelta), MinDelta, "Monitor: the smallest difference is 0 or more and finite.");

    /// <summary>Whether higher is better: for every name but the losses.</summary>
    public bool Higher { get; init; } = !Name.EndsWith("loss", StringComparison.Ordinal);

    /// <summary>Whether <paramref name="value"/> is better than <paramref name="best"/>; true without a best one.</summary>
    public bool IsBetter(double value, double? best) =>
        !double.IsNaN(value) && (best is not { } reference || (Higher ? value - MinDelta > reference : value + MinDelta < reference));

    /// <summary>The value of an epoch.</summary>
    /// <exception cref="ArgumentException">The epoch has no such measure; the message lists those it has.</exception>
    public double Of(EpochRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record[Name] ?? throw new ArgumentException(
            $"Monitor: follows a measure of the epochs; there is no '{Name}'{(Name.StartsWith("val_", StringComparison.Ordinal) && record.Validation is null ? ", for there is no validation data" : "")}; there are {string.Join(", ", record.Names)}.");
    }

    /// <summary>A name as a monitor without smallest difference.</summary>
    public static implicit operator Monitor(string name) => new(name);
}
