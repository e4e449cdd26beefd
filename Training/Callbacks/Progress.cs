using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace NativeFree.Training;

/// <summary>
/// Says how far a run is. On a terminal one line is rewritten in place: a bar, samples a second, the time left for the epoch, the measures so far; a line stays for each epoch. Elsewhere there are plain lines: one for each
/// epoch, and one every half minute within it.
/// </summary>
/// <param name="output">Where to write.</param>
/// <param name="terminal">Whether lines can be rewritten.</param>
public sealed class Progress(TextWriter output, bool terminal) : Callback
{
    private const int BarWidth = 24;
    private static readonly TimeSpan OnTerminal = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Elsewhere = TimeSpan.FromSeconds(30);

    private long last;
    private long epochStart;
    private long samplesBefore;
    private int width;

    /// <inheritdoc/>
    public override string Name => "progress";

    /// <inheritdoc/>
    public override void OnStart(Trainer trainer) => Begin(trainer.Samples);

    /// <inheritdoc/>
    public override void OnBatchEnd(Trainer trainer)
    {
        if (Stopwatch.GetElapsedTime(last) < (terminal ? OnTerminal : Elsewhere))
            return;
        last = Stopwatch.GetTimestamp();
        Write(Line(trainer, Stopwatch.GetElapsedTime(epochStart).TotalSeconds, samplesBefore, terminal), stays: !terminal);
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(Trainer trainer, EpochRecord record)
    {
        Write(Line(record, trainer.Epochs), stays: true);
        Begin(0);
    }

    /// <inheritdoc/>
    public override void OnInterrupted(Trainer trainer) => Write("", stays: false);

    internal static string Line(EpochRecord record, int epochs)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"epoch {record.Epoch + 1}/{epochs}"));
        foreach (string name in record.Names)
            text.Append(CultureInfo.InvariantCulture, $"  {name} {record[name]:0.0000}");
        return text.Append(CultureInfo.InvariantCulture, $"  {record.Time.TotalSeconds:0.0} s").ToString();
    }

    /// <param name="trainer">Its position and running measures.</param>
    /// <param name="seconds">Since the samples before were done.</param>
    /// <param name="before">Samples of this epoch that were done before the clock started.</param>
    /// <param name="bar">Whether a bar is drawn.</param>
    internal static string Line(Trainer trainer, double seconds, long before, bool bar)
    {
        double part = (double)trainer.Batch / Math.Max(trainer.BatchesPerEpoch, 1), rate = (trainer.Samples - before) / Math.Max(seconds, 1e-9);
        int filled = (int)(part * BarWidth);
        string drawn = bar ? $" [{new string('#', filled)}{new string('.', BarWidth - filled)}]" : "";
        var left = TimeSpan.FromSeconds(Math.Min(rate > 0 ? (trainer.SamplesPerEpoch - trainer.Samples) / rate : 0, 359999));
        Measures now = trainer.Running;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {trainer.Epoch + 1}/{trainer.Epochs}{drawn} {trainer.Batch}/{trainer.BatchesPerEpoch}  {rate:0.0} a second, {(int)left.TotalMinutes}:{left.Seconds:00} to go  loss {now.Loss:0.0000}  accuracy {now.Accuracy:0.0000}");
    }

    private void Begin(long samples) => (last, epochStart, samplesBefore) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp(), samples);

    private void Write(string line, bool stays)
    {
        if (!terminal)
        {
            if (line.Length > 0)
                output.WriteLine(line);
            return;
        }
        output.Write("\r" + line.PadRight(width) + (stays ? Environment.NewLine : line.Length == 0 ? "\r" : ""));
        width = stays ? 0 : line.Length;
    }
}
