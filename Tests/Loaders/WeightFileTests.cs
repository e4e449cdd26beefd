using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>Whole weight files, one at a time: every array is recognised, loaded and used.</summary>
[Collection("whole networks")]
public sealed class WeightFileTests
{
    public static TheoryData<string> Files => [.. Goldens.Files("weights")];

    [GoldenTheory("weights")]
    [MemberData(nameof(Files))]
    public void Every_array_is_loaded_and_used(string file)
    {
        string path = Goldens.PathOf(file);
        Model model = ModelLoader.Load(path, out LoadReport report);
        try
        {
            using ArrayFile arrays = ArrayFile.Open(path);
            Assert.Equal(arrays.Arrays.Count, report.Loaded.Count + report.TrainingState.Count);
            Assert.True(report.IsComplete);
            Assert.All(model.NamedParameters(), item => Assert.True(item.Parameter.IsInitialized, item.Path));
            Assert.Contains(model.Name.Replace('-', '_'), file, StringComparison.Ordinal);
        }
        finally
        {
            LoadedModels.Release(model);
        }
    }

    /// <summary>Both generations of names, layers in the order in which Keras lists them.</summary>
    [GoldenTheory("weights")]
    [MemberData(nameof(Files))]
    public void Layers_are_listed_in_the_order_of_the_file(string file)
    {
        using ArrayFile arrays = ArrayFile.Open(Goldens.PathOf(file));
        WeightFileInfo info = ModelLoader.Recognize(arrays);
        if (!(arrays.Attributes("").TryGetValue("layer_names", out ArrayAttribute? names) || arrays.Attributes("model_weights").TryGetValue("layer_names", out names)) || info.Model!.StartsWith("unet", StringComparison.Ordinal))
            return; // the format keeps no such list, or a list of blocks
        Model model = ModelZoo.Create(info.Model, new() { Origin = info.Origin, Top = info.Top });
        string[] expected = [.. names.Texts!.Skip(1)];
        Assert.Equal(expected.Length, model.AvailableLayers.Count);
        for (int i = 0; i < expected.Length; i++)
            Assert.Same(model.Find(expected[i]), model.Find(model.AvailableLayers[i]));
    }
}
