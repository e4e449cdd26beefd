using System.Diagnostics;
using NativeFree.Cli.Patterns;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests.Training;

/// <summary>The samples of the two training stories, run as programs from their first line to their last on a few pictures.</summary>
[Collection("whole networks")]
public sealed class SampleTests
{
    [Fact]
    public void FineTune_slows_googlenet_down_and_trains_its_three_heads()
    {
        using var folder = new TemporaryFolder();
        var fresh = new GoogLeNet();
        fresh.Save(folder.File("googlenet.npz"));
        Run(folder, "FineTune", "googlenet.npz", Textures(folder));
        Model tuned = ModelLoader.Load(folder.File("finetuned.npz"));
        Assert.IsType<GoogLeNet>(tuned);
        Assert.Equal(PatternSet.TextureNames.Count, tuned.Classes);
        foreach (string moved in (string[])["conv1", "inc5b/conv1"])
            Assert.NotEqual(Weights(fresh, moved), Weights(tuned, moved));
        foreach (string head in (string[])["loss1_fc2", "loss2_fc2", "loss3_fc"])
            Assert.Equal(new Shape(1024, PatternSet.TextureNames.Count), tuned[head].NamedWeights().First().Weight.Shape);
        LoadedModels.Release(fresh);
        LoadedModels.Release(tuned);
    }

    [Fact]
    public void FineTune_leaves_a_frozen_base_as_it_was()
    {
        using var folder = new TemporaryFolder();
        string weights = Cli.BundledFiles.PathOf("weights", "chainer_resnet50_seed1.npz");
        string said = Run(folder, "FineTune", weights, Textures(folder), "--freeze");
        Assert.Contains("epoch 1/20  loss ", said, StringComparison.Ordinal);
        Assert.Contains("2 pictures kept back: ", said, StringComparison.Ordinal);
        Model first = ModelLoader.Load(weights);
        FineTuned tuned = Assert.IsType<FineTuned>(ModelLoader.Load(folder.File("finetuned.npz")));
        Assert.Equal(("pool5", PatternSet.TextureNames.Count, 2), (tuned.Tap, tuned.Classes, tuned.NewLayers.AvailableLayers.Count));
        foreach (string kept in (string[])["conv1", "res3/b2/conv2", "res5/b2/conv3"])
            Assert.Equal(Weights(first, kept), Weights(tuned, kept));
        Assert.Equal(first["res5/b2/bn3"].Statistics.Select(each => each.Value.ToArray()), tuned["res5/b2/bn3"].Statistics.Select(each => each.Value.ToArray()));
        Assert.Contains("<svg", File.ReadAllText(folder.File("finetuned.html")), StringComparison.Ordinal);
        LoadedModels.Release(first);
        LoadedModels.Release(tuned);
    }

    [Fact]
    public void SegmentPets_stops_early_with_its_best_epoch()
    {
        using var folder = new TemporaryFolder();
        PatternSet.Write(folder.File("pets"), "trainval", 10, seed: 1, firstIndex: 0, height: 48, width: 48);
        PatternSet.Write(folder.File("pets"), "test", 3, seed: 2, firstIndex: 10, height: 48, width: 48);
        string said = Run(folder, "SegmentPets", "pets", "none", "32");
        string[] epochs = [.. said.Split('\n').Where(line => line.StartsWith("epoch ", StringComparison.Ordinal))];
        Assert.InRange(epochs.Length, 6, 50); // at least one, and five without improvement
        Assert.Contains("test: mean IoU ", said, StringComparison.Ordinal);
        Model trained = ModelLoader.Load(folder.File("pets.npz"));
        Assert.Equal(("unet-resnet50", 3, 32), (trained.Name, trained.Classes, trained.InputSize));
        Assert.Contains("fresh encoder", File.ReadAllText(folder.File("pets.html")), StringComparison.Ordinal);
        LoadedModels.Release(trained);
    }

    private static string Textures(TemporaryFolder folder)
    {
        PatternSet.WriteTextures(folder.File("textures"), 11, seed: 1, firstIndex: 0, height: 40, width: 40);
        return "textures";
    }

    private static float[] Weights(Network network, string path) => network[path].NamedWeights().First().Weight.Parameter.Value.ToArray();

    private static string Run(TemporaryFolder folder, string sample, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, sample + ".dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        using Process run = Process.Start(start)!;
        Task<string> error = run.StandardError.ReadToEndAsync();
        string output = run.StandardOutput.ReadToEnd();
        run.WaitForExit();
        Assert.True(run.ExitCode == 0, $"{run.ExitCode}: {error.Result}{output}");
        return output;
    }
}
