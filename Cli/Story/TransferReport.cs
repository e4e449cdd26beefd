using System.Globalization;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Training;

namespace NativeFree.Cli.Story;

/// <summary>What the runs gave, in words, and as the report's page.</summary>
internal sealed class TransferReport(TransferSettings settings, Device device, History pretraining, IReadOnlyList<TransferRun> runs, ImageList tests, TimeSpan time)
{
    private const int Shown = 6;

    /// <returns>The page's path.</returns>
    public string Write(string folder, TextWriter output)
    {
        string[] summary = [Line("pretrained encoder"), Line("fresh encoder"), Difference()];
        foreach (string line in summary)
            output.WriteLine(line);
        var report = new TrainingReport("What a pretrained encoder buys") { Classes = ["figure", "ground", "border"], OfPixels = true };
        report.Paragraphs.Add(string.Create(CultureInfo.InvariantCulture,
            $"A small U-Net learns to tell textured figures from soft grounds from {settings.Masks} drawn pictures with masks: once on an encoder that was trained before, for {pretraining.Epochs.Count} epochs, to tell nine textures apart (it names {100 * pretraining.Epochs[^1].Validation!.Accuracy:0.0} % of new ones right), once on a fresh one. Everything else is equal. A run stops after {settings.Patience} epochs without a lower validation loss and keeps the best epoch's weights; the results are of {settings.MaskTests} other pictures."));
        foreach (string line in summary)
            report.Paragraphs.Add(line);
        foreach (TransferRun run in runs)
        {
            report.Runs.Add(ReportRun.Of(run.Name, run.History) with
            {
                Group = run.Group,
                Confusion = run.Test.Confusion,
                Results = [("test pixels right", run.Test.Measures.Accuracy), ("test mean IoU", run.MeanIoU)],
            });
        }
        report.Runs.Add(ReportRun.Of("pretraining on textures", pretraining) with { Group = "pretraining on textures", Curves = [] });
        if (runs.Count >= 2)
            {
            var pictures = new ImageDataset(tests, new ImageDatasetOptions(settings.Size, settings.Size));
            report.Grids.Add(ReportExamples.Of("Test pictures", pictures, [.. runs.Take(2).Select(run => (run.Name, (Models.Model)run.Network))], Shown));
        }
        Configure(report);
        string path = Path.Combine(folder, "report.html");
        report.Save(path);
        return path;
    }

    private string Line(string group)
    {
        TransferRun[] members = [.. runs.Where(run => run.Group == group)];
        double mean = members.Average(run => run.MeanIoU), spread = members.Length < 2 ? 0 : Math.Sqrt(members.Sum(run => (run.MeanIoU - mean) * (run.MeanIoU - mean)) / (members.Length - 1));
        return string.Create(CultureInfo.InvariantCulture,
            $"{group}: mean IoU {100 * mean:0.0} ± {100 * spread:0.0} %, best epoch after {members.Average(run => (run.History.RestoredEpoch ?? run.History.Epochs.Count - 1) + 1):0.0} and stopped after {members.Average(run => run.History.Epochs.Count):0.0} epochs, {members.Average(run => run.Time.TotalMinutes):0.00} minutes (means and standard deviation over {members.Length} seeds)");
    }

    private string Difference()
    {
        double[] gains = [.. runs.Where(run => run.Pretrained).Select(run => 100 * (run.MeanIoU - runs.Single(other => !other.Pretrained && other.Seed == run.Seed).MeanIoU))];
        return string.Create(CultureInfo.InvariantCulture, $"The pretrained encoder changed the mean IoU by {gains.Average():+0.0;-0.0} points on average ({string.Join(", ", gains.Select(gain => gain.ToString("+0.0;-0.0", CultureInfo.InvariantCulture)))} seed by seed).");
    }

    private void Configure(TrainingReport report)
    {
        (string, FormattableString)[] facts =
        [
            ("Network", $"U-Net, padded, first step {settings.Width} channels wide, {runs[0].Network.CountParameters().Trainable} parameters, input {settings.Size}×{settings.Size}"),
            ("Pretraining", $"{settings.Textures} texture pictures, {settings.PretrainingEpochs} epochs, batch 16, Adam {settings.PretrainingRate}, no augmentation"),
            ("Training", $"{settings.Masks} pictures with masks, other ones for each seed; batch {settings.BatchSize}, Adam {settings.Rate}, at most {settings.Epochs} epochs"),
            ("Augmentation", $"turn by up to 30° and mirror image, each of half the pictures; crop of 0.7 to 1 of the area, aspect 3/4 to 4/3; brightness, contrast and saturation ± 20 %"),
            ("Early stopping", $"validation loss of {settings.MaskChecks} pictures, patience {settings.Patience}, best weights kept"),
            ("Seed", $"{settings.Seed}"),
            ("All of it took", $"{time.TotalMinutes:0.00} minutes, writing the pictures included"),
        ];
        foreach ((string name, FormattableString value) in facts)
            report.Configuration.Add((name, value.ToString(CultureInfo.InvariantCulture)));
        foreach ((string name, string value) in TrainingReport.Hardware(device))
            report.Machine.Add((name, value));
        report.Machine.Add(("Processor", Benchmarks.Machine.Of(new CpuDevice(1)).Cpu));
    }
}
