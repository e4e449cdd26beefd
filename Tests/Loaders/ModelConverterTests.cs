using NativeFree.Cli;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>Between the frameworks and back: VGG bit for bit, ResNet equal in what it computes.</summary>
[Collection("whole networks")]
public sealed class ModelConverterTests
{
    private static readonly string KerasResNet = BundledFiles.PathOf("weights", "keras3_resnet50_top_seed1.h5.gz");
    private static readonly string ChainerResNet = BundledFiles.PathOf("weights", "chainer_resnet50_seed1.npz");

    [Theory]
    [InlineData("vgg16", false)]
    [InlineData("vgg19", false)]
    [InlineData("resnet50", true)]
    [InlineData("resnet50", false)]
    [InlineData("resnet101", false)]
    [InlineData("resnet152", false)]
    public void Every_layer_has_its_counterpart_of_the_same_shape(string name, bool old)
    {
        Dictionary<string, Shape?> keras = WeightPlace.Of(ModelZoo.Create(name, new() { Origin = old ? Origin.KerasOld : Origin.Keras })).ToDictionary(place => place.Path, place => place.Shape);
        WeightPlace[] chainer = [.. WeightPlace.Of(ModelZoo.Create(name)).Where(place => place.Name != "N")];
        foreach (WeightPlace place in chainer)
            Assert.Equal(place.Shape, keras[$"{KerasNames.Of(place.Layer, name[0] == 'r', old)}/{place.Name}"]);
        Assert.Equal(chainer.Length, chainer.Select(place => KerasNames.Of(place.Layer, name[0] == 'r', old) + place.Name).Distinct().Count());
        // What is left over are the biases of the residual blocks.
        Assert.Equal(name[0] == 'r' ? chainer.Count(place => place.Name == "W") - 2 : 0, keras.Count - chainer.Length);
    }

    [GoldenTheory("weights/chainer_vgg16_seed1.npz")]
    [InlineData("weights/keras3_vgg16_top_seed1.h5.gz", "there.npz", "back.h5")]
    [InlineData("weights/chainer_vgg16_seed1.npz", "there.h5", "back.npz")]
    public void Vgg_is_the_same_there_and_back(string file, string there, string back)
    {
        using var folder = new TemporaryFolder();
        ConversionReport first = ModelConverter.Convert(Goldens.PathOf(file), folder.File(there));
        ConversionReport second = ModelConverter.Convert(folder.File(there), folder.File(back));
        Assert.Equal((32, 32), (first.Arrays, second.Arrays));
        Assert.Empty(first.Changed.Concat(second.Changed));
        Assert.Equal((0f, 0f), (first.LargestDifference, second.LargestDifference));
        Assert.NotEqual(first.From, first.To);
        Model original = ModelLoader.Load(Goldens.PathOf(file)), returned = ModelLoader.Load(folder.File(back));
        ModelWriterTests.AssertEqual(original, returned);
        LoadedModels.Release(original);
        LoadedModels.Release(returned);
    }

    /// <summary>The biases go into the means, so arrays differ and the network does not. The pooling at the edge and epsilon differ between the frameworks, hence the wide bound one way.</summary>
    [Fact]
    public void ResNet_computes_the_same_after_the_way_to_Chainer_and_back()
    {
        using var folder = new TemporaryFolder();
        ConversionReport there = ModelConverter.Convert(KerasResNet, folder.File("there.npz"));
        Assert.Equal((Origin.Keras, Origin.Chainer, 321, 52), (there.From, there.To, there.Arrays, there.Changed.Count));
        Assert.Equal("conv2_block1_1_bn/avg_mean minus conv2_block1_1_conv/b, for which Chainer has no place", there.Changed.Single(array => array.Path == "res2/a/bn1/avg_mean").How);
        Assert.Contains(there.Differences, line => line.Contains("epsilon 1.001E-05 in keras, 2E-05 in chainer", StringComparison.Ordinal));
        Assert.True(there.LargestDifference is > 0 and < 1, $"{there.LargestDifference}");

        ConversionReport back = ModelConverter.Convert(folder.File("there.npz"), folder.File("back.h5"));
        Assert.Equal(52, back.Changed.Count);
        Assert.All(back.Changed, array => Assert.StartsWith("0: ", array.How, StringComparison.Ordinal));
        Model original = ModelLoader.Load(KerasResNet), returned = ModelLoader.Load(folder.File("back.h5"));
        using var scope = new Scope();
        Tensor x = original.Prepare(ImageFile.Load(BundledFiles.PathOf("images", "chelsea.png")));
        float[] expected = original.Extract(x, ["predictions"])["predictions"].ToArray(), got = returned.Extract(x, ["predictions"])["predictions"].ToArray();
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - got[i]) <= 1e-5f, $"{i}: {expected[i]} {got[i]}");
    }

    [Fact]
    public void The_command_says_what_it_did()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("resnet.h5");
        var json = CommandRun.Json("convert", ChainerResNet, path, "--model", "resnet50", "--probe", BundledFiles.PathOf("images", "chelsea.png"), "--json");
        Assert.Equal(("chainer", "keras", 52, "prob"), (json.GetProperty("from").GetString(), json.GetProperty("to").GetString(), json.GetProperty("changed").GetArrayLength(), json.GetProperty("probe").GetProperty("layer").GetString()));
        Assert.True(File.Exists(path));
        CommandRun same = CommandRun.Of("convert", ChainerResNet, folder.File("again.npz"), "--compress");
        Assert.Equal(0, same.Code);
        Assert.Contains("chainer to chainer, 321 arrays, 0 of them changed", same.Output, StringComparison.Ordinal);
        Assert.Contains("largest difference of prob on the probe picture: 0", same.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "OUT.keras")]
    [InlineData(1, "OUT.npz", "--model", "vgg16")]
    [InlineData(2, "OUT.npz", "--model", "vgg61")]
    [InlineData(2, "OUT.h5", "--stem", "valid")]
    [InlineData(1, "OUT.h5", "--probe", "nowhere.png")]
    public void Mistakes_end_in_one_line(int code, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        arguments[0] = folder.File(arguments[0]);
        CommandRun run = CommandRun.Of(["convert", ChainerResNet, .. arguments]);
        Assert.Equal(code, run.Code);
        run.AssertOneLine();
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_file_without_top_does_not_become_Chainers()
    {
        using var folder = new TemporaryFolder();
        new Vgg(16, new() { Origin = Origin.Keras, Top = false }).Save(folder.File("notop.h5"));
        CommandRun run = CommandRun.Of("convert", folder.File("notop.h5"), folder.File("out.npz"));
        Assert.Equal(1, run.Code);
        Assert.Contains("Chainer's models have their classifying layers; this is vgg16 (keras) without them", run.Error, StringComparison.Ordinal);
    }
}
