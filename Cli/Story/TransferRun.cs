using System.Globalization;
using NativeFree.Models;
using NativeFree.Training;

namespace NativeFree.Cli.Story;

/// <summary>One training of the U-Net, and how it did on the test pictures.</summary>
internal sealed record TransferRun(int Seed, bool Pretrained, History History, Evaluation Test, UNet Network)
{
    public string Group => Pretrained ? "pretrained encoder" : "fresh encoder";

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Group}, seed {Seed}");

    /// <summary>Training and validation, until it stopped.</summary>
    public TimeSpan Time => TimeSpan.FromTicks(History.Epochs.Sum(epoch => epoch.Time.Ticks));

    public double MeanIoU => Test.Measures.MeanIoU ?? 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"seed {Seed}, {Group,-18}: {History.Epochs.Count,2} epochs, {Time.TotalSeconds:0.0} s, weights of epoch {(History.RestoredEpoch ?? History.Epochs.Count - 1) + 1,2}; test pictures: mean IoU {100 * MeanIoU:0.0} %, figure {100 * (Test.Confusion.IoU(0) ?? 0):0.0} %, pixels right {100 * Test.Measures.Accuracy:0.0} %");
}
