using NativeFree.Cli.Patterns;
using NativeFree.Cli.Story;
using NativeFree.Kernels;

namespace NativeFree.Tests;

/// <summary>Both halves of the demo, the second at a tenth of its size; continuous integration runs the whole.</summary>
public sealed class DemoTests
{
    [Fact]
    public void Imported_networks_agree_with_both_frameworks()
    {
        using var folder = new TemporaryFolder();
        var output = new StringWriter();
        new ImportedNetworks(output, new CpuDevice(), folder.Path).Run(default);
        string text = output.ToString();
        Assert.Contains("synthetic", text, StringComparison.Ordinal);
        Assert.Contains("resnet50 (chainer), 321 loaded", text, StringComparison.Ordinal);
        Assert.Contains("resnet50 (keras), 320 loaded", text, StringComparison.Ordinal);
        Assert.Contains("largest difference of all: ", text, StringComparison.Ordinal);
        Assert.Equal(["features_chainer.npz", "features_keras.npz"], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Transfer_is_measured_and_reported()
    {
        using var folder = new TemporaryFolder();
        var output = new StringWriter();
        var settings = new TransferSettings(1) { Size = 32, Width = 4, Textures = 45, TextureChecks = 18, PretrainingEpochs = 2, Masks = 6, MaskChecks = 6, MaskTests = 7, Epochs = 3, Seeds = 2, Time = TimeSpan.FromMinutes(5) };
        string path = new TransferStory(output, new CpuDevice(), folder.Path, settings).Run(default);
        string text = output.ToString(), page = File.ReadAllText(path);
        Assert.Equal(4, text.Split('\n').Count(line => line.StartsWith("seed ", StringComparison.Ordinal)));
        Assert.Contains("The pretrained encoder changed the mean IoU by ", text, StringComparison.Ordinal);
        Assert.Equal(6 * 4, page.Split("<img ").Length - 1);
        Assert.Contains("pretrained encoder, seed 2", page, StringComparison.Ordinal);
        Assert.Equal(45 + 18, Directory.EnumerateFiles(folder.File("textures"), "*.png", SearchOption.AllDirectories).Count());
        Assert.Contains("in the layout of the Oxford-IIIT Pet set", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_time_for_a_second_seed_there_is_one()
    {
        using var folder = new TemporaryFolder();
        var output = new StringWriter();
        var settings = new TransferSettings(1) { Size = 16, Width = 2, Textures = 9, TextureChecks = 9, PretrainingEpochs = 1, Masks = 2, MaskChecks = 2, MaskTests = 2, Epochs = 1, Seeds = 2, Time = TimeSpan.FromMilliseconds(1) };
        new TransferStory(output, new CpuDevice(1), folder.Path, settings).Run(default);
        Assert.Contains("there is no time for more than 1 of 2 seeds", output.ToString(), StringComparison.Ordinal);
    }
}
