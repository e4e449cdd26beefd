using System.Globalization;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>A published network used as one layer of another model, under a head of the user's own: how fine-tuned Keras models are
/// stored.</summary>
[Collection("whole networks")]
public sealed class KerasNestedTests
{
    private static readonly Vgg Vgg16 = new(16, new() { Origin = Origin.Keras, Top = false });

    private static readonly (string Layer, (string Name, long[] Shape)[] Arrays)[] Layers =
        [.. SyntheticWeights.Layers(Vgg16).Select(layer => (layer.Layer, layer.Arrays))];

    /// <summary>
    /// Names inside the group are those of Keras 2 or, with the model's name before them, of Keras 3
    /// (goldens/samples/keras38_nested_frozen.h5). What is frozen stands behind what is not, so that order says nothing.
    /// </summary>
    [Theory]
    [InlineData("{0}/{1}:0", false, "")]
    [InlineData("vgg16/{0}/{1}", true, "")]
    [InlineData("{0}/{1}:0", true, "model_weights/")]
    public void A_network_inside_a_legacy_file(string pattern, bool frozen, string root)
    {
        using var folder = new TemporaryFolder();
        var file = new Hdf5Writer();
        var names = new List<string>();
        for (int i = 0; i < Layers.Length; i++)
        {
            foreach ((string name, string stored, float value) in (IEnumerable<(string, string, float)>)[("W", "kernel", i),
                ("b", "bias", i + 100)])
            {
                string weight = string.Format(CultureInfo.InvariantCulture, pattern, Layers[i].Layer, stored);
                file.Add(SyntheticWeights.Constant($"{root}vgg16/{weight}", Layers[i].Arrays.Single(array => array.Name == name).Shape,
                    value));
                names.Add(weight);
            }
        }
        if (frozen)
            names = [.. names.Skip(20), .. names.Take(20)]; // the first ten convolutions
        file.SetNames(root + "vgg16", "weight_names", names);
        file.AddGroup(root + "flatten");
        file.SetAttribute(root + "flatten", "weight_names", []);
        file.Add(SyntheticWeights.Constant(root + "dense/dense/kernel:0", [25088, 3], 7));
        file.Add(SyntheticWeights.Constant(root + "dense/dense/bias:0", [3], 7));
        file.SetAttribute(root + "dense", "weight_names", ["dense/kernel:0", "dense/bias:0"]);
        file.SetAttribute(root, "layer_names", ["input_2", "vgg16", "flatten", "dense"]);
        string path = folder.File("mine.h5");
        file.Write(path);
        Check(path, root + "dense/dense/bias:0", root + "dense/dense/kernel:0");
    }

    /// <summary>Keras 3.6 and later name each layer in an attribute; before, order within the class tells.</summary>
    [Theory]
    [InlineData(true, "layers/functional/layers/")]
    [InlineData(false, "layers/functional/layers/")]
    [InlineData(false, "_layer_checkpoint_dependencies\\vgg16\\_layer_checkpoint_dependencies\\")]
    public void A_network_inside_a_weights_file(bool named, string root)
    {
        using var folder = new TemporaryFolder();
        var file = new Hdf5Writer();
        for (int i = 0; i < Layers.Length; i++)
        {
            string group = root + (i == 0 ? "conv2d" : string.Create(CultureInfo.InvariantCulture, $"conv2d_{i}")) + "/vars";
            file.Add(SyntheticWeights.Constant(group + "/0", Layers[i].Arrays[0].Shape, i));
            file.Add(SyntheticWeights.Constant(group + "/1", Layers[i].Arrays[1].Shape, i + 100));
            if (named)
                file.SetAttribute(group, "name", Layers[i].Layer, TextStorage.Variable);
        }
        file.Add(SyntheticWeights.Constant("layers/dense/vars/0", [25088, 3], 7));
        file.Add(SyntheticWeights.Constant("layers/dense/vars/1", [3], 7));
        if (named)
            file.SetAttribute("layers/dense/vars", "name", "dense", TextStorage.Variable);
        string path = folder.File("mine.weights.h5");
        file.Write(path);
        Check(path, "layers/dense/vars/0", "layers/dense/vars/1");
    }

    /// <summary>Three matrices and no names: the last of them tells the number of classes.</summary>
    [Fact]
    public void A_nameless_file_tells_its_classes_by_the_last_layer()
    {
        using var folder = new TemporaryFolder();
        var whole = new Vgg(16, new() { Origin = Origin.Keras, Classes = 7 });
        var file = new Hdf5Writer();
        var counts = new Dictionary<string, int>();
        foreach ((_, string type, (string Name, long[] Shape)[] arrays) in SyntheticWeights.Layers(whole))
        {
            int number = counts.GetValueOrDefault(type);
            counts[type] = number + 1;
            string group = "layers/" + (number == 0 ? type : string.Create(CultureInfo.InvariantCulture, $"{type}_{number}"));
            file.Add(SyntheticWeights.Constant(group + "/vars/0", arrays[0].Shape, number));
            file.Add(SyntheticWeights.Constant(group + "/vars/1", arrays[1].Shape, number + 100));
        }
        string path = folder.File("whole.weights.h5");
        file.Write(path);
        Model model = ModelLoader.Load(path);
        Assert.Equal(("vgg16", true, 7), (model.Name, model.Options.Top, model.Classes));
        Assert.Equal((1, 102), (((Linear)model["fc2"]).W.Value.ToArray()[5], ((Linear)model["predictions"]).B!.Value.ToArray()[6]));
    }

    /// <summary>The head is somebody's own: refused as a whole, loaded in part on request, and named either way.</summary>
    private static void Check(string path, params string[] head)
    {
        WeightException refusal = Assert.Throws<WeightException>(() => ModelLoader.Load(path));
        Assert.Equal(head, refusal.Report!.Unused.Order(StringComparer.Ordinal));
        Model model = ModelLoader.Load(path, out LoadReport report, new() { AllowMissing = true });
        Assert.Equal(("vgg16", false, 26), (model.Name, model.Options.Top, report.Loaded.Count));
        Assert.Equal(head, report.Unused.Order(StringComparer.Ordinal));
        for (int i = 0; i < Layers.Length; i++)
        {
            var layer = (Convolution2D)model[Layers[i].Layer];
            Assert.Equal((i, i + 100), (layer.W.Value.ToArray()[^1], layer.B!.Value.ToArray()[^1]));
        }
    }
}
