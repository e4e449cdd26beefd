using System.Globalization;
using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>
/// A model as Keras stores it: under the names of tf.keras 2, <c>conv1_conv/kernel:0</c>, in the order of the layers, which is all that <c>load_weights</c> goes by. Old and new Keras read it: it is the layout that Keras
/// 1 to 3 call <c>.h5</c>.
/// </summary>
internal static class KerasExport
{
    /// <summary>What tf.keras wrote last into such files. A version beginning with 1, or none, makes readers turn kernels round.</summary>
    private const string Version = "2.15.0", OldVersion = "2.2.4";

    private static readonly Dictionary<string, string> WeightNames = new(StringComparer.Ordinal)
    {
        ["W"] = "kernel", ["b"] = "bias", ["gamma"] = "gamma", ["beta"] = "beta", ["avg_mean"] = "moving_mean", ["avg_var"] = "moving_variance",
    };

    /// <summary>The arrays for a container that keeps no lists of names: <c>conv1_conv/kernel</c>.</summary>
    public static IEnumerable<NamedArray> Plain(IReadOnlyList<WeightPlace> places) => places.Select(place => Export(place, $"{place.Layer}/{WeightNames[place.Name]}"));

    /// <summary>Puts lists, groups and arrays into an HDF5 file.</summary>
    public static void Legacy(Hdf5Writer file, Model model, IReadOnlyList<WeightPlace> places)
    {
        var names = new List<string>();
        foreach ((string group, IReadOnlyList<(string Name, WeightPlace Place)> weights) in model is UNetResNet50 ? Blocks(places) : Layers(model, places))
        {
            file.AddGroup(group);
            file.SetNames(group, "weight_names", [.. weights.Select(weight => weight.Name)]);
            foreach ((string name, WeightPlace place) in weights)
                file.Add(Export(place, $"{group}/{name}"));
            names.Add(group);
        }
        file.SetNames("", "layer_names", names);
        file.SetAttribute("", "backend", "tensorflow");
        file.SetAttribute("", "keras_version", model.Origin == Origin.KerasOld ? OldVersion : Version);
    }

    /// <summary>A functional model: every layer, also those without weights, the input first.</summary>
    private static IEnumerable<(string Group, IReadOnlyList<(string Name, WeightPlace Place)> Weights)> Layers(Model model, IReadOnlyList<WeightPlace> places)
    {
        ILookup<string, WeightPlace> byLayer = places.ToLookup(place => place.Layer, StringComparer.Ordinal);
        yield return ("input_1", []);
        foreach (string name in model.AvailableLayers)
        {
            // Our names for what Keras 1 and 2 only numbered (nothing with weights) stand first; the number is behind them.
            string layer = model.Origin == Origin.KerasOld && !byLayer.Contains(name) ? model.NamesOf(model.Find(name)).Last() : name;
            yield return (layer, [.. byLayer[name].Select(place => ($"{layer}/{WeightNames[place.Name]}:0", place))]);
        }
    }

    /// <summary>
    /// The U-Net is a class of its own in Keras, and tf.keras stores the attributes of such a model: the encoder twice, as the network it was and as the model cut out of it, then the blocks. Layers inside are numbered through
    /// the network, trainable weights come first.
    /// </summary>
    private static IEnumerable<(string Group, IReadOnlyList<(string Name, WeightPlace Place)> Weights)> Blocks(IReadOnlyList<WeightPlace> places)
    {
        WeightPlace[] encoder = [.. places.Where(place => !place.Layer.Contains('/') && place.Layer != "output_layer")];
        foreach (string copy in (string[])["resnet50", "model"])
            yield return (copy, [.. TrainableFirst(encoder).Select(place => ($"{place.Layer}/{WeightNames[place.Name]}:0", place))]);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (IGrouping<string, WeightPlace> block in places.Where(place => place.Layer.Contains('/')).GroupBy(place => place.Layer[..place.Layer.IndexOf('/', StringComparison.Ordinal)]))
        {
            Dictionary<string, string> numbered = block.GroupBy(place => place.Layer).ToDictionary(layer => layer.Key, layer => Numbered(layer.First().KerasClass), StringComparer.Ordinal);
            yield return (block.Key, [.. TrainableFirst(block).Select(place => ($"{numbered[place.Layer]}/{WeightNames[place.Name]}:0", place))]);
        }
        yield return ("output_layer", [.. places.Where(place => place.Layer == "output_layer").Select(place => ($"output_layer/{WeightNames[place.Name]}:0", place))]);

        string Numbered(string type)
        {
            int number = counts.GetValueOrDefault(type);
            counts[type] = number + 1;
            return number == 0 ? type : string.Create(CultureInfo.InvariantCulture, $"{type}_{number}");
        }
    }

    private static IEnumerable<WeightPlace> TrainableFirst(IEnumerable<WeightPlace> places) => places.OrderBy(place => place.Name is "avg_mean" or "avg_var");

    private static NamedArray Export(WeightPlace place, string name) => PlaceArray.Of(name, [.. place.Shape!.Value.ToArray().Select(extent => (long)extent)], place.Read!, default);
}
