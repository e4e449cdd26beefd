using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>One place of a model that a weight file fills.</summary>
/// <param name="Path">Path in the model.</param>
/// <param name="Layer">Path of the layer it belongs to.</param>
/// <param name="Name">Last part of the path.</param>
/// <param name="Shape">Extents of the tensor; null for Chainer's N, a whole number.</param>
/// <param name="KerasClass">What Keras calls layers of this kind, for files that count them.</param>
/// <param name="Fill">Hands over the tensor, on success of the whole load.</param>
/// <param name="Count">Hands over N.</param>
/// <param name="Read">The tensor that is there now, with its first values where nothing was loaded; null for N.</param>
/// <param name="ReadCount">N as it is now; null for all else.</param>
/// <param name="FlattenedChannels">For a matrix whose inputs are a flattened activation, the activation's channels; else 0.</param>
internal sealed record WeightPlace(
    string Path, string Layer, string Name, Shape? Shape, string KerasClass, Action<Tensor>? Fill, Action<long>? Count, Func<Tensor>? Read, Func<long>? ReadCount = null, int FlattenedChannels = 0)
{
    /// <summary>All places, in the order of the tree.</summary>
    public static IReadOnlyList<WeightPlace> Of(Model model)
    {
        var places = new List<WeightPlace>();
        Dictionary<Layer, int> flattened = FlattenedChannelsOf(model);
        foreach ((string path, Layer layer) in model.Descendants())
        {
            foreach ((string name, Weight weight) in layer.NamedWeights().Where(item => item.Weight.Layer == layer))
                places.Add(new($"{path}/{name}", path, name, weight.Shape, KerasClassOf(layer), weight.Set, null, () => ValueOf(weight), FlattenedChannels: name == "W" ? flattened.GetValueOrDefault(layer) : 0));
            foreach (Statistic statistic in layer.Statistics)
                places.Add(new($"{path}/{statistic.Name}", path, statistic.Name, statistic.Shape, KerasClassOf(layer), statistic.Set, null, () => statistic.Value));
            if (layer is BatchNormalization norm && model.Origin == Origin.Chainer)
                places.Add(new($"{path}/N", path, "N", null, KerasClassOf(layer), null, n => norm.FinetuneCalls = n, null, () => norm.FinetuneCalls));
        }
        return places;
    }

    private static Tensor ValueOf(Weight weight)
    {
        weight.Initialize();
        return weight.Parameter.Value;
    }

    private static string KerasClassOf(Layer layer) => layer switch
    {
        Convolution2D => "conv2d",
        Deconvolution2D => "conv2d_transpose",
        Linear => "dense",
        BatchNormalization => "batch_normalization",
        _ => "",
    };

    /// <summary>Linear layers that read an activation [N, H, W, C] flatten it, and their rows then follow its order.</summary>
    private static Dictionary<Layer, int> FlattenedChannelsOf(Model model)
    {
        if (model is FineTuned tuned)
        {
            Dictionary<Layer, int> all = FlattenedChannelsOf(tuned.Base);
            if (tuned.FeatureShape.Rank == 3 && !tuned.NewLayerOptions.Average)
                all[tuned["head1"]] = tuned.FeatureShape[2];
            return all;
        }
        Shape?[] shapes = model.Shapes(new Shape(1, model.OriginalInputSize, model.OriginalInputSize, 3), [.. model.AvailableLayers.Select(model.Find)]);
        var result = new Dictionary<Layer, int>();
        foreach (Node node in model.Nodes.Where(node => node.Layer is Linear))
        {
            Node input = node.Inputs[0];
            while (input.Layer is Flatten or Dropout)
                input = input.Inputs[0];
            if (shapes[input.Index] is { Rank: 4 } shape)
                result[node.Layer!] = shape[3];
        }
        return result;
    }
}
