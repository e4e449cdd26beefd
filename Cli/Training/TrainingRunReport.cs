using System.CommandLine;
using System.Globalization;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;
using NativeFree.Training;

namespace NativeFree.Cli;

/// <summary>The page that <c>--report</c> asks for.</summary>
internal static class TrainingRunReport
{
    /// <param name="path">The page.</param>
    /// <param name="parsed">The command line, shown as the settings.</param>
    /// <param name="model">The network as it is after training.</param>
    /// <param name="trainer">Its run.</param>
    /// <param name="data">What was learned from.</param>
    /// <param name="check">To judge with, or null.</param>
    /// <param name="pictures">The pictures behind <paramref name="check"/>, or null.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    public static void Save(string path, ParseResult parsed, Model model, Trainer trainer, DataLoader data, DataLoader? check, ImageDataset? pictures, CancellationToken cancellation)
    {
        Evaluation? result = check is null ? null : trainer.Evaluate(check, cancellation);
        var report = new TrainingReport($"{model}, {model.Classes} classes") { Classes = model.ClassNames ?? [], OfPixels = result?.Measures.MeanIoU is not null };
        ReportRun run = ReportRun.Of(model.LabelsPixels ? "segment train" : "finetune", trainer.History);
        report.Runs.Add(result is null ? run : run with
        {
            Confusion = result.Confusion,
            Results = [("validation accuracy", result.Measures.Accuracy), .. result.Measures.MeanIoU is { } mean ? [("validation mean IoU", mean)] : Array.Empty<(string, double)>()],
        });
        if (pictures is not null)
            report.Grids.Add(ReportExamples.Of("Validation pictures", pictures, [("answer", model)]));
        report.Configuration.Add(("Command", string.Join(' ', parsed.Tokens.Select(token => Quoted(token.Value)).Prepend("nativefree"))));
        report.Configuration.Add(("Data", string.Create(CultureInfo.InvariantCulture, $"{data.Count} pictures to learn from in batches of {data.BatchSize}, {check?.Count ?? 0} to validate with; {data.Skipped.Count + (check?.Skipped.Count ?? 0)} left out")));
        report.Configuration.Add(("Optimizer", string.Create(CultureInfo.InvariantCulture, $"{trainer.Optimizer.GetType().Name}, learning rate {trainer.Optimizer.Schedule.At(0):g4}, seed {trainer.Seed}")));
        report.Configuration.Add(("Network", string.Create(CultureInfo.InvariantCulture, $"{model}, {model.CountParameters().Trainable:N0} trainable and {model.CountParameters().Frozen:N0} frozen parameters, input {model.InputSize}×{model.InputSize}")));
        foreach ((string name, string value) in TrainingReport.Hardware(model.Device))
            report.Machine.Add((name, value));
        report.Machine.Add(("Processor", Benchmarks.Machine.Of(new CpuDevice(1)).Cpu));
        report.Machine.Add(("Tensors in use at once", string.Create(CultureInfo.InvariantCulture, $"at most {model.Device.Pool.PeakBytes / (double)(1 << 20):0.0} MiB")));
        report.Save(path);
    }

    /// <summary>A word as a shell takes it for one.</summary>
    private static string Quoted(string word) =>
        word.Length > 0 && word.All(letter => char.IsLetterOrDigit(letter) || "-_./:,+=@%\\".Contains(letter, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
