using NativeFree.Cli.Patterns;

namespace NativeFree.Tests;

/// <summary><c>--report</c> of the training commands.</summary>
public sealed class TrainingReportCommandTests
{
    [Fact]
    public void Segment_train_leaves_a_page_with_curves_masks_and_the_command()
    {
        using var folder = new TemporaryFolder();
        PatternSet.Write(folder.File("pets"), "trainval", 12, seed: 1, firstIndex: 0, height: 24, width: 31);
        CommandRun run = CommandRun.Of("segment", "train", "--data", folder.File("pets"), "--model", "unet", "--width", "2", "--size", "16", "--epochs", "2", "--batch", "4", "--output", folder.File("c.npz"), "--report", folder.File("page.html"), "--quiet", "--device", "cpu");
        Assert.Equal((0, ""), (run.Code, run.Error));
        string page = File.ReadAllText(folder.File("page.html"));
        foreach (string expected in (string[])["Intersection over union", "pet", "border", "<span class=\"option\">--width</span> 2", "nativefree segment train", "Processor", "Tensors in use at once", "% of pixels right", "mean IoU"])
            Assert.Contains(expected, page, StringComparison.Ordinal);
        Assert.Equal(2 * 3, page.Split("<img ").Length - 1); // a fifth of twelve pictures: picture, truth, answer
    }
}
