using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>
/// The weights of a model under the names of another framework's model of the same architecture. Inside the house both have one layout, so most arrays pass as they are. Chainer's residual blocks have no biases: a
/// convolution's bias goes into the running mean of the batch norm behind it, mean' = mean − bias; on the way back the biases are 0.
/// </summary>
internal sealed class OriginChange
{
    private readonly Dictionary<string, WeightPlace> source;
    private readonly Dictionary<string, string> sourceLayers;
    private readonly List<ChangedArray> changed = [];

    /// <param name="from">The model with the weights.</param>
    /// <param name="to">The model whose names and places count; its own values are never made. One of the two is Chainer's, unless both have one origin.</param>
    public OriginChange(Model from, Model to)
    {
        source = WeightPlace.Of(from).ToDictionary(place => place.Path, StringComparer.Ordinal);
        IReadOnlyList<WeightPlace> places = WeightPlace.Of(to);
        sourceLayers = SourceLayers(from, to, places);
        Places = [.. places.Select(Fill)];
    }

    /// <summary>The target's places, which read the source's values.</summary>
    public IReadOnlyList<WeightPlace> Places { get; }

    /// <summary>Arrays whose values are not those of the source, and why.</summary>
    public IReadOnlyList<ChangedArray> Changed => changed;

    private Dictionary<string, string> SourceLayers(Model from, Model to, IReadOnlyList<WeightPlace> places)
    {
        if (from.Origin == to.Origin)
            return places.Select(place => place.Layer).Distinct().ToDictionary(layer => layer, StringComparer.Ordinal);
        bool toChainer = to.Origin == Origin.Chainer;
        bool residual = from is ResNet, old = (toChainer ? from : to).Origin == Origin.KerasOld;
        return (toChainer ? places : [.. source.Values]).Select(place => place.Layer).Distinct()
            .Select(chainer => (Chainer: chainer, Keras: KerasNames.Of(chainer, residual, old)))
            .ToDictionary(pair => toChainer ? pair.Chainer : pair.Keras, pair => toChainer ? pair.Keras : pair.Chainer, StringComparer.Ordinal);
    }

    private WeightPlace Fill(WeightPlace place)
    {
        string layer = sourceLayers[place.Layer];
        if (source.TryGetValue($"{layer}/{place.Name}", out WeightPlace? from))
            return place.Name == "avg_mean" && BiasBefore(place) is { } bias ? Folded(place, from, bias) : place with { Read = from.Read, ReadCount = from.ReadCount };
        if (place.Name == "N")
            return place with { ReadCount = static () => 0 };
        // The only place that one framework has and the other lacks.
        changed.Add(new ChangedArray(place.Path, "0: Chainer's convolution has no bias"));
        return place with { Read = () => Tensor.Zeros(CpuDevice.Default, place.Shape!.Value) };
    }

    private WeightPlace Folded(WeightPlace place, WeightPlace mean, WeightPlace bias)
    {
        float[] biases = bias.Read!().ToArray();
        if (biases.AsSpan().IndexOfAnyExcept(0f) < 0)
            return place with { Read = mean.Read };
        changed.Add(new ChangedArray(place.Path, $"{mean.Path} minus {bias.Path}, for which Chainer has no place"));
        return place with
        {
            Read = () =>
            {
                float[] values = mean.Read!().ToArray();
                for (int i = 0; i < values.Length; i++)
                    values[i] -= biases[i];
                return Tensor.From(CpuDevice.Default, place.Shape!.Value, values);
            },
        };
    }

    /// <summary>The source's bias of the convolution before a batch norm of the target, where the target's own convolution has none.</summary>
    private WeightPlace? BiasBefore(WeightPlace mean)
    {
        int at = mean.Layer.LastIndexOf("bn", StringComparison.Ordinal);
        return mean.Layer.StartsWith("res", StringComparison.Ordinal) && sourceLayers.TryGetValue($"{mean.Layer[..at]}conv{mean.Layer[(at + 2)..]}", out string? convolution)
            ? source.GetValueOrDefault(convolution + "/b")
            : null;
    }
}
