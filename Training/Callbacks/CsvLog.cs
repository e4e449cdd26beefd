using System.Globalization;

namespace NativeFree.Training;

/// <summary>
/// Writes one line an epoch to a CSV file: epoch from 1, training measures, validation measures, learning rate, seconds; numbers to the bit. A resumed run writes the earlier epochs' lines anew, so that the file is
/// that of an uninterrupted run but for the seconds.
/// </summary>
/// <param name="path">The file; created or replaced.</param>
public sealed class CsvLog(string path) : Callback
{
    private bool headed;

    /// <inheritdoc/>
    public override string Name => "csv_log";

    /// <inheritdoc/>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public override void OnStart(Trainer trainer)
    {
        headed = false;
        File.WriteAllText(path, "");
        foreach (EpochRecord record in trainer.History.Epochs)
            Append(record);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(Trainer trainer, EpochRecord record) => Append(record);

    private void Append(EpochRecord record)
    {
        using var text = new StreamWriter(path, append: true) { NewLine = "\n" };
        IReadOnlyList<string> names = record.Names;
        if (!headed)
            text.WriteLine($"epoch,{string.Join(',', names)},learning_rate,seconds");
        headed = true;
        text.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{record.Epoch + 1},{string.Join(',', names.Select(name => record[name]!.Value.ToString("R", CultureInfo.InvariantCulture)))},{record.LearningRate:R},{record.Time.TotalSeconds:0.000}"));
    }
}
