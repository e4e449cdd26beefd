using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>
/// Our own weight file: one npz with <c>model/&lt;path&gt;</c> for every parameter and statistic in our own layouts, <c>about/…</c> that says which model it is and what its classes are called, and, where a training is to be
/// resumed, <c>training/…</c>. <see cref="ModelLoader"/> reads it like every other weight file and builds the model by it, new layers, sizes and all. It is there whole or not at all: see <see cref="AtomicFile"/>.
/// </summary>
public static class CheckpointFile
{
    internal const string WeightPrefix = "model/";

    /// <summary>Writes a network's weights, in place of the file at <paramref name="path"/>. The old file stays until the new one is whole.</summary>
    /// <param name="path">The file, whatever its ending.</param>
    /// <param name="network">A model, which the file then describes, or any other network, of which it keeps the weights alone. Parameters without values get their first ones.</param>
    /// <param name="training">Further arrays, whose names begin with <c>training/</c>.</param>
    /// <exception cref="ArgumentException">A name of <paramref name="training"/> begins otherwise, or a parameter waits for the network's first input to have a shape.</exception>
    /// <exception cref="IOException">The folder is missing, the disk is full, or the file is in use; the old file is untouched.</exception>
    public static void Write(string path, Network network, IEnumerable<NamedArray>? training = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(network);
        NamedArray[] further = [.. training ?? []];
        if (Array.Find(further, array => !array.Name.StartsWith("training/", StringComparison.Ordinal)) is { } other)
            throw new ArgumentException($"CheckpointFile: further arrays are called training/…; got '{other.Name}'.", nameof(training));
        NpzWriter.Write(path, [.. CheckpointDescription.Arrays(network as Model), .. Weights(network), .. further]);
    }

    /// <summary>Reads the weights of any network back. All or nothing: what goes wrong leaves the network as it was. A parameter that waits for its shape takes the file's.</summary>
    /// <exception cref="WeightException">An array is missing, or of other extents than its place.</exception>
    /// <exception cref="FileFormatException">An array cannot be read.</exception>
    public static void ReadWeights(ArrayFile file, Network network)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(network);
        var filled = new List<Action>();
        using var scope = new Scope();
        foreach ((string path, Weight weight) in network.NamedWeights())
        {
            (ArrayEntry entry, Shape shape) = Find(file, path, weight.Shape);
            Tensor values = default(LayoutChange).Read(file, entry, weight.Layer.Device, shape);
            filled.Add(() =>
            {
                weight.Shape ??= shape;
                weight.Set(values);
            });
        }
        foreach ((string path, Statistic statistic) in network.NamedStatistics())
        {
            (ArrayEntry entry, Shape shape) = Find(file, path, statistic.Shape);
            Tensor values = default(LayoutChange).Read(file, entry, statistic.Value.Device, shape);
            filled.Add(() => statistic.Set(values));
        }
        foreach (Action fill in filled)
            fill();
    }

    /// <summary>A tensor as an array that is read when it is written; nothing is held twice where it lies on a CPU.</summary>
    public static NamedArray ArrayOf(string name, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return PlaceArray.Of(name, [.. values.Shape.ToArray().Select(extent => (long)extent)], () => values, default);
    }

    private static IEnumerable<NamedArray> Weights(Network network)
    {
        foreach ((string path, Weight weight) in network.NamedWeights())
        {
            weight.Initialize();
            if (!weight.Parameter.IsInitialized)
                throw new ArgumentException($"CheckpointFile: parameters are written with their values; {path} gets its shape at the first call of its layer; run the network once.", nameof(network));
            yield return ArrayOf(WeightPrefix + path, weight.Parameter.Value);
        }
        foreach ((string path, Statistic statistic) in network.NamedStatistics())
            yield return ArrayOf(WeightPrefix + path, statistic.Value);
        foreach ((string path, Layer layer) in network.Descendants())
        {
            if (network is Model { Origin: Origin.Chainer } && layer is BatchNormalization norm)
                yield return NamedArray.Of<long>($"{WeightPrefix}{path}/N", [], new[] { norm.FinetuneCalls });
        }
    }

    private static (ArrayEntry Entry, Shape Shape) Find(ArrayFile file, string path, Shape? wanted)
    {
        ArrayEntry entry = file.Find(WeightPrefix + path) ?? throw new WeightException(file.Path, $"a checkpoint holds every weight of the network; {path} is missing; resume with the network that was trained");
        bool fits = wanted is { } shape ? entry.Shape.SequenceEqual(shape.ToArray().Select(extent => (long)extent)) : entry.Shape.Count <= Shape.MaxRank && entry.Shape.All(extent => extent <= int.MaxValue);
        if (!fits)
            throw new WeightException(file.Path, $"a checkpoint's arrays have the extents of their places; {path} is [{string.Join(", ", entry.Shape)}], the network's {wanted?.ToString() ?? "is not known yet"}; resume with the network that was trained");
        return (entry, wanted ?? new Shape([.. entry.Shape.Select(extent => (int)extent)]));
    }
}
