using System.Text.Json;

namespace NativeFree.Tests;

/// <summary><c>--resume</c> with other options, with more epochs, and what a run that cannot go on leaves behind.</summary>
[Collection("whole networks")]
public sealed class TrainingResumeTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Output => folder.File("run.npz");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_resumed_run_keeps_the_form_of_its_network()
    {
        string[] run = ["finetune", "--data", TrainingPictures.Folders(folder, 4), "--weights", "none", "--seed", "2", "--output", Output, "--quiet", "--device", "cpu"];
        string[] first = ["--model", "resnet50", "--epochs", "1"], again = [.. first, "--resume"];
        Done([.. run, .. first, "--size", "33", "--tap", "conv1", "--hidden", "5,4", "--dropout", "0.25"]);
        byte[] before = File.ReadAllBytes(Output);
        Refused("--size 33, got 35", [.. run, .. again, "--size", "35"]);
        Refused("--tap conv1, got pool1", [.. run, .. again, "--tap", "pool1"]);
        Refused("--hidden 5,4, got 5", [.. run, .. again, "--hidden", "5"]);
        Refused("--dropout 0.25, got 0.5", [.. run, .. again, "--hidden", "5,4", "--dropout", "0.5"]);
        Refused("--average off, got on", [.. run, .. again, "--average"]);
        Refused("resnet50", [.. run, "--resume", "--model", "vgg16", "--epochs", "1"]);
        Refused("it began with 6 samples in batches of 16", [.. run, "--resume", "--batch", "3", "--epochs", "2"]);
        Assert.Equal(before, File.ReadAllBytes(Output));
        // What is left out stays as it is, and so does what is said again.
        Done([.. run, .. again, "--size", "33", "--tap", "conv1", "--hidden", "5,4", "--dropout", "0.25"]);
        Done([.. run, "--resume", "--epochs", "2"]);
    }

    [Fact]
    public void A_u_net_keeps_its_width()
    {
        string[] run = ["segment", "train", "--data", TrainingPictures.Pets(folder, 4), "--model", "unet", "--size", "16", "--batch", "4", "--validation", "0", "--quiet", "--device", "cpu"];
        Done([.. run, "--width", "2", "--output", Output, "--epochs", "1"]);
        Refused("asked for --width 3, it is 2", [.. run, "--width", "3", "--output", Output, "--resume", "--epochs", "1"]);
        Refused("asked for --width 3, it is 2", [.. run, "--width", "3", "--output", folder.File("other.npz"), "--weights", Output, "--epochs", "1"]);
        Done([.. run, "--width", "2", "--output", Output, "--resume", "--epochs", "2"]);
    }

    [Fact]
    public void More_epochs_follow_a_run_whose_best_weights_were_put_back()
    {
        string[] run = ["finetune", "--data", TrainingPictures.Folders(folder, 4), "--weights", "none", "--model", "resnet50", "--tap", "conv1", "--size", "33", "--patience", "50", "--json", "--device", "cpu"];
        string straight = folder.File("straight.npz");
        JsonElement expected = CommandRun.Json([.. run, "--epochs", "4", "--output", straight]);
        Assert.Equal("all epochs were done", CommandRun.Json([.. run, "--epochs", "2", "--output", Output]).GetProperty("ended").GetString());
        JsonElement got = CommandRun.Json([.. run, "--epochs", "4", "--output", Output, "--resume"]);
        Assert.Equal(4, got.GetProperty("epochs").GetArrayLength());
        Assert.Equal(expected.GetProperty("weights_of_epoch").GetInt32(), got.GetProperty("weights_of_epoch").GetInt32());
        Assert.Equal(Array(straight, "model/head1/W"), Array(Output, "model/head1/W"));

        static byte[] Array(string path, string name) => ReferenceArray.LoadAll(path)[name].Data;
    }

    [Fact]
    public void Without_a_readable_picture_there_is_no_run()
    {
        string data = TrainingPictures.Folders(folder, 4);
        foreach (string picture in Directory.GetFiles(data, "*.png", SearchOption.AllDirectories))
            File.WriteAllText(picture, "no picture");
        CommandRun run = CommandRun.Of("finetune", "--data", data, "--weights", "none", "--model", "resnet50", "--tap", "conv1", "--size", "33", "--epochs", "1", "--skip-bad", "--output", Output, "--quiet", "--device", "cpu");
        Assert.Equal(1, run.Code);
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(6 + 1, lines.Length); // the six to learn from, and why the run ends
        Assert.All(lines[..^1], line => Assert.StartsWith("nativefree: left out: ", line, StringComparison.Ordinal));
        Assert.EndsWith("at least one sample of a set can be read; this one and the other 5 cannot; mend the files, or name others", lines[^1], StringComparison.Ordinal);
        Assert.False(File.Exists(Output));
    }

    [Theory]
    [InlineData("--size: pictures have a size that every layer can take; got 32; fc6: Linear: takes 25088 inputs a row; x = [1, 1, 1, 512] has 512; leave it out, or take another", "finetune --model vgg16 --tap fc7 --size 32")]
    [InlineData("--size: pictures have a size that every layer can take; got 64; pool5: Pooling: ", "finetune --model googlenet --size 64")]
    [InlineData("--size: pictures have a size that every layer can take; got 1; pool1: Pooling: ", "segment train --model unet --size 1")]
    public void A_size_that_a_layer_cannot_take_is_named(string reason, string command)
    {
        string data = command.StartsWith("segment", StringComparison.Ordinal) ? TrainingPictures.Pets(folder, 4) : TrainingPictures.Folders(folder, 4);
        Refused(reason, [.. command.Split(' '), "--data", data, "--weights", "none", "--epochs", "1", "--output", Output, "--device", "cpu"]);
    }

    /// <summary>Not even root can make a file there.</summary>
    [Fact]
    public void A_place_that_takes_no_file_is_named_before_the_first_epoch()
    {
        if (!Directory.Exists("/sys/kernel"))
            return;
        Refused("files are written into a folder that lets them be made; /sys/kernel does not", ["finetune", "--data", TrainingPictures.Folders(folder, 2), "--weights", "none", "--model", "vgg16", "--epochs", "1", "--output", "/sys/kernel/run.npz"]);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static void Done(string[] arguments)
    {
        CommandRun run = CommandRun.Of(arguments);
        Assert.True(run.Code == 0, run.Error);
    }

    private static void Refused(string reason, string[] arguments)
    {
        CommandRun run = CommandRun.Of(arguments);
        Assert.Equal((1, ""), (run.Code, run.Output));
        run.AssertOneLine();
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }
}
