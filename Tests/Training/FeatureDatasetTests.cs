using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;
using NativeFree.Training;

namespace NativeFree.Tests.Training;

/// <summary>Features of a frozen base, computed once: what the new layers learn on them, when the file is used again, and what is refused.</summary>
[Collection("whole networks")]
public sealed class FeatureDatasetTests
{
    private const int Side = 33;

    [Fact]
    public void New_layers_learn_on_the_features_what_they_learn_behind_the_base()
    {
        using var folder = new TemporaryFolder();
        FineTuned whole = Small(1), parts = Small(1);
        using FeatureDataset features = FeatureDataset.Open(parts, Pictures(Side), folder.Path, batchSize: 2);
        Teach(whole, whole, Pictures(Side));
        Teach(parts, parts.NewLayers, features);
        Assert.Equal(TinyNet.Bits(whole), TinyNet.Bits(parts));
        Assert.NotEqual(TinyNet.Bits(Small(1)), TinyNet.Bits(parts));

        static void Teach(FineTuned tuned, Network network, IDataset data) =>
            new Trainer(new Classifier(network), new MomentumSgd(tuned.NewLayers.NamedParameters().Select(item => item.Parameter), 0.1)).Fit(new DataLoader(data, 3, shuffle: true, 5), epochs: 2);
    }

    [Fact]
    public void The_file_is_used_again_for_the_same_base_and_pictures_alone()
    {
        using var folder = new TemporaryFolder();
        string Open(int seed, int pictures, out int computed)
        {
            int done = 0;
            using FeatureDataset features = FeatureDataset.Open(Small(seed), Pictures(Side, pictures), folder.Path, batchSize: 3, count => done = count);
            computed = done;
            return features.Path;
        }
        string first = Open(1, 7, out int computed);
        Assert.Equal(7, computed);
        Assert.Equal(first, Open(1, 7, out computed));
        Assert.Equal(0, computed);
        Assert.NotEqual(first, Open(2, 7, out computed));
        Assert.Equal(7, computed);
        Assert.NotEqual(first, Open(1, 6, out computed));
        Assert.Equal(6, computed);
    }

    [Fact]
    public void Pictures_of_another_size_and_a_base_that_learns_are_refused()
    {
        using var folder = new TemporaryFolder();
        FineTuned tuned = Small(1);
        ArgumentException size = Assert.Throws<ArgumentException>(() => FeatureDataset.Open(tuned, Pictures(Side + 2), folder.Path, 3));
        Assert.Contains("pictures have the size of the network's input, [33, 33, 3]; got [35, 35, 3]", size.Message, StringComparison.Ordinal);
        FineTuned learning = new(new ResNet(50, new ModelOptions { Origin = Origin.Keras, Top = false, InputSize = Side }), "conv2_block1_out", 3);
        Assert.Throws<ArgumentException>(() => FeatureDataset.Open(learning, Pictures(Side), folder.Path, 3));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static FineTuned Small(int seed)
    {
        var tuned = new FineTuned(
            new ResNet(50, new ModelOptions { Origin = Origin.Keras, Top = false, InputSize = Side }) { Seed = seed }, "conv2_block1_out", 3, new NewLayerOptions { Hidden = [5] });
        tuned.FreezeBase();
        using var scope = new Scope();
        tuned.Forward(Noise.On(tuned.Device, new Shape(1, Side, Side, 3), 1)); // makes the first weights
        return tuned;
    }

    private static ImageDataset Pictures(int side, int count = 7)
    {
        ImageSample[] samples = [.. Enumerable.Range(0, count).Select(i => new ImageSample($"picture {i}", () => Picture(i), i % 3))];
        return new ImageDataset(new ImageList("test", samples, ["cat", "dog", "hen"]), new ImageDatasetOptions(side, side));
    }

    private static Image Picture(int index)
    {
        var pixels = new byte[11 * 13 * 3];
        new Random(index).NextBytes(pixels);
        return new Image(11, 13, 3, pixels);
    }
}
