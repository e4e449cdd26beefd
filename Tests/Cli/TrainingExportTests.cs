using System.Text.Json;
using NativeFree.Cli;
using NativeFree.Cli.Patterns;

namespace NativeFree.Tests;

/// <summary><c>--export</c>: the final weights as the frameworks' own files, that every other command reads.</summary>
[Collection("whole networks")]
public sealed class TrainingExportTests
{
    [Theory]
    [InlineData("keras3_resnet50_top_seed1.h5.gz", "conv1_relu", "final.h5")]
    [InlineData("chainer_resnet50_seed1.npz", "pool1", "final.npz")]
    public void Exported_weights_answer_as_the_checkpoint_does(string weights, string tap, string file)
    {
        using var folder = new TemporaryFolder();
        string data = TrainingPictures.Folders(folder, 4), output = folder.File("run.npz"), export = folder.File(file), photo = Path.Combine(data, "red", "0.png");
        CommandRun run = CommandRun.Of("finetune", "--data", data, "--weights", BundledFiles.PathOf("weights", weights), "--tap", tap, "--size", "33", "--freeze", "--epochs", "2", "--batch", "4",
            "--validation", "0.3", "--output", output, "--export", export, "--report", folder.File("page.html"), "--quiet", "--device", "cpu");
        Assert.True(run.Code == 0, run.Error);
        JsonElement expected = Top(output), got = Top(export);
        Assert.Equal(expected.ToString(), got.ToString());
        // The base's features were stored, and the page shows the pictures behind them.
        Assert.True(Directory.Exists(output + ".features"));
        string page = File.ReadAllText(folder.File("page.html"));
        Assert.Contains("answer: ", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("<img ").Length - 1);
        // convert reads both, and says that nothing changes.
        foreach (string from in (string[])[output, export])
        {
            CommandRun converted = CommandRun.Of("convert", from, folder.File("again.h5"), "--device", "cpu");
            Assert.True(converted.Code == 0, converted.Error);
            Assert.Contains("largest difference of probabilities on the probe picture: 0", converted.Output, StringComparison.Ordinal);
            Assert.Equal(expected.ToString(), Top(folder.File("again.h5")).ToString());
        }
        CommandRun inspected = CommandRun.Of("inspect", export);
        Assert.Equal(0, inspected.Code);
        Assert.Contains($"resnet50 ({(file == "final.h5" ? "keras" : "chainer")});", inspected.Output, StringComparison.Ordinal);

        JsonElement Top(string path) => CommandRun.Json("classify", photo, "--weights", path, "--json", "--top", "2", "--device", "cpu").GetProperty("results")[0].GetProperty("top");
    }

    [Fact]
    public void A_unets_exported_weights_cut_out_as_the_checkpoint_does()
    {
        using var folder = new TemporaryFolder();
        PatternSet.Write(folder.File("pets"), "trainval", 6, seed: 1, firstIndex: 0, height: 24, width: 31);
        string output = folder.File("run.npz"), export = folder.File("final.h5"), photo = Directory.GetFiles(folder.File("pets/images"))[0], mask = Path.GetFileNameWithoutExtension(photo) + ".npz";
        CommandRun run = CommandRun.Of("segment", "train", "--data", folder.File("pets"), "--model", "unet", "--width", "2", "--size", "16", "--epochs", "1", "--output", output, "--export", export, "--quiet", "--device", "cpu");
        Assert.True(run.Code == 0, run.Error);
        foreach (string weights in (string[])[output, export])
            Assert.Equal(0, CommandRun.Of("segment", "predict", photo, "--weights", weights, "--output", weights + ".masks", "--probabilities", "--quiet", "--device", "cpu").Code);
        Assert.Equal(File.ReadAllBytes(Path.Combine(output + ".masks", mask)), File.ReadAllBytes(Path.Combine(export + ".masks", mask)));
    }

    [Fact]
    public void Places_that_cannot_be_written_are_named_before_the_first_epoch()
    {
        using var folder = new TemporaryFolder();
        string[] start = ["finetune", "--data", TrainingPictures.Folders(folder, 4), "--model", "resnet50", "--weights", "none", "--size", "33", "--tap", "conv1", "--output", folder.File("run.npz")];
        foreach (string file in (string[])["x.weights.h5", "x.keras", "x"])
            Refused(2, "--export: weights are written as .h5 or .npz", [.. start, "--export", folder.File(file)]);
        foreach (string option in (string[])["--export", "--report", "--log"])
        {
            Refused(2, "run.npz is that of --output too", [.. start, option, folder.File("run.npz")]);
            Refused(1, "make the folder", [.. start, option, Path.Combine(folder.Path, "none", "x.h5")]);
        }
        // The weights that a run begins with are not written over.
        string weights = folder.File("weights.npz");
        File.Copy(BundledFiles.PathOf("weights", "chainer_resnet50_seed1.npz"), weights);
        Refused(2, "weights.npz is that of --weights too", ["finetune", "--data", TrainingPictures.Folders(folder, 4), "--weights", weights, "--output", weights]);
        File.WriteAllText(folder.File("features"), "");
        Refused(1, "features: features of a frozen base are kept in a folder", [.. start, "--freeze", "--feature-cache", folder.File("features")]);

        void Refused(int code, string reason, string[] arguments)
        {
            CommandRun run = CommandRun.Of(arguments);
            Assert.Equal((code, ""), (run.Code, run.Output));
            run.AssertOneLine();
            Assert.Contains(reason, run.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(folder.File("run.npz")));
        }
    }
}
