using System.Globalization;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>Layouts of Keras that no stored file has: the names of Keras 1, lists of names split at 64 KB, <c>.weights.h5</c> without layer names.</summary>
[Collection("whole networks")]
public sealed class KerasLoadTests
{
    private static readonly Vgg Vgg16 = new(16, new() { Origin = Origin.Keras, Top = false });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keras_1_named_its_arrays_differently(bool split)
    {
        using var folder = new TemporaryFolder();
        var file = new Hdf5Writer();
        var layers = new List<string>();
        int number = 0;
        foreach ((string layer, _, (string Name, long[] Shape)[] arrays) in SyntheticWeights.Layers(Vgg16))
        {
            string[] names = [$"{layer}_W_1:0", $"{layer}_b_1:0"];
            file.Add(SyntheticWeights.Constant($"{layer}/{names[0]}", arrays[0].Shape, number));
            file.Add(SyntheticWeights.Constant($"{layer}/{names[1]}", arrays[1].Shape, number + 100));
            if (split)
            {
                file.SetAttribute(layer, "weight_names0", [names[0]]);
                file.SetAttribute(layer, "weight_names1", [names[1]]);
            }
            else
            {
                file.SetAttribute(layer, "weight_names", names);
            }
            layers.Add(layer);
            number++;
        }
        if (split)
        {
            file.SetAttribute("", "layer_names0", layers[..5]);
            file.SetAttribute("", "layer_names1", layers[5..]);
        }
        else
        {
            file.SetAttribute("", "layer_names", layers);
        }
        string path = folder.File("vgg16.h5");
        file.Write(path);
        Check(ModelLoader.Load(path));
    }

    /// <summary>Keras 3 up to 3.5 counted from 0 without gaps, 2.12 and 2.13 with gaps and another prefix, on Windows with backslashes.</summary>
    [Theory]
    [InlineData("layers/conv2d{0}/vars/", 1)]
    [InlineData("_layer_checkpoint_dependencies/conv2d{0}/vars/", 2)]
    [InlineData("_layer_checkpoint_dependencies\\conv2d{0}/vars/", 2)]
    public void Weights_without_layer_names_go_by_class_and_order(string pattern, int step)
    {
        using var folder = new TemporaryFolder();
        var file = new Hdf5Writer();
        int number = 0;
        foreach ((_, _, (string Name, long[] Shape)[] arrays) in SyntheticWeights.Layers(Vgg16))
        {
            string group = string.Format(CultureInfo.InvariantCulture, pattern, number == 0 ? "" : "_" + (number * step).ToString(CultureInfo.InvariantCulture));
            file.Add(SyntheticWeights.Constant(group + "0", arrays[0].Shape, number));
            file.Add(SyntheticWeights.Constant(group + "1", arrays[1].Shape, number + 100));
            number++;
        }
        file.Add(SyntheticWeights.Constant("optimizer/vars/0", [1], 0));
        string path = folder.File("vgg16.weights.h5");
        file.Write(path);
        Model model = ModelLoader.Load(path, out LoadReport report);
        Check(model);
        Assert.Equal(["optimizer/vars/0"], report.TrainingState);
    }

    [Fact]
    public void Files_from_before_names_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        var file = new Hdf5Writer();
        file.SetAttribute("", "nb_layers", 37);
        file.Add(SyntheticWeights.Constant("layer_0/param_0", [3], 0));
        string path = folder.File("old.h5");
        file.Write(path);
        Assert.Contains("before Keras 1.1", Assert.Throws<WeightException>(() => ModelLoader.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conv2_block1_preact_bn", "ResNet version 2")]
    [InlineData("mixed10", "InceptionV3")]
    [InlineData("dense_7", "a keras file of no model of the zoo")]
    public void Relatives_and_strangers_are_refused(string layer, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = new Hdf5Writer();
        file.SetAttribute("", "layer_names", ["conv2_block1_1_conv", layer]);
        file.Add(SyntheticWeights.Constant($"conv2_block1_1_conv/kernel", [1], 0));
        file.SetAttribute("conv2_block1_1_conv", "weight_names", ["kernel"]);
        file.Add(SyntheticWeights.Constant($"{layer}/kernel", [1], 0));
        file.SetAttribute(layer, "weight_names", ["kernel"]);
        string path = folder.File("other.h5");
        file.Write(path);
        Assert.Contains(expected, Assert.Throws<WeightException>(() => ModelLoader.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_listed_name_without_array_is_damage()
    {
        using var folder = new TemporaryFolder();
        var file = new Hdf5Writer();
        file.SetAttribute("", "layer_names", ["block1_conv1"]);
        file.AddGroup("block1_conv1");
        file.SetAttribute("block1_conv1", "weight_names", ["block1_conv1/kernel:0"]);
        string path = folder.File("torn.h5");
        file.Write(path);
        Assert.Contains("'block1_conv1' lists 'block1_conv1/kernel:0' and has none", Assert.Throws<FileFormatException>(() => ModelLoader.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kernel:0", "W")]
    [InlineData("conv1_conv/kernel", "W")]
    [InlineData("block1_conv1_W_1:0", "W")]
    [InlineData("conv1_b:0", "b")]
    [InlineData("bn_conv1_running_std:0", "avg_var")]
    [InlineData("bn/moving_variance_3:0", "avg_var")]
    [InlineData("moving_mean:0", "avg_mean")]
    [InlineData("gamma", "gamma")]
    [InlineData("param_0", null)]
    [InlineData("0", null)]
    public void Roles_are_told_by_name(string weight, string? role) => Assert.Equal(role, KerasLayer.Role(weight));

    private static void Check(Model model)
    {
        Assert.Equal(("vgg16", Origin.Keras, false), (model.Name, model.Origin, model.Options.Top));
        string[] convolutions = [.. SyntheticWeights.Layers(Vgg16).Select(layer => layer.Layer)];
        Assert.Equal(13, convolutions.Length);
        for (int i = 0; i < convolutions.Length; i++)
        {
            var layer = (Convolution2D)model[convolutions[i]];
            Assert.Equal((i, i + 100), (layer.W.Value.ToArray()[^1], layer.B!.Value.ToArray()[^1]));
        }
    }
}
