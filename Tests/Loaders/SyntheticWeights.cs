using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>Full-size weight files whose arrays are constant, each with another value, in the layouts that no stored file has.</summary>
internal static class SyntheticWeights
{
    /// <summary>A Chainer npz of a model; the value of an array is its number in the tree.</summary>
    public static List<NamedArray> Chainer(Model model, string prefix = "")
    {
        var arrays = new List<NamedArray>();
        foreach (WeightPlace place in WeightPlace.Of(model))
        {
            if (place.Shape is { } shape)
                arrays.Add(Constant(prefix + place.Path, ChainerShape(shape), arrays.Count));
            else
                arrays.Add(NamedArray.Of(prefix + place.Path, [], new ReadOnlyMemory<long>([11L])));
        }
        return arrays;
    }

    public static NamedArray Constant(string name, IReadOnlyList<long> shape, float value) => NamedArray.OfPieces(name, shape, (_, piece) => piece.Fill(value));

    public static string WriteNpz(TemporaryFolder folder, IEnumerable<NamedArray> arrays)
    {
        string path = folder.File("weights.npz");
        NpzWriter.Write(path, arrays);
        return path;
    }

    /// <summary>The weighted layers of a model in network order, with their arrays' names and extents.</summary>
    public static IEnumerable<(string Layer, string Class, (string Name, long[] Shape)[] Arrays)> Layers(Model model) => WeightPlace.Of(model)
        .GroupBy(place => place.Layer)
        .Select(group => (group.Key, group.First().KerasClass, group.Select(place => (place.Name, LongShape(place.Shape!.Value))).ToArray()));

    private static long[] ChainerShape(Shape shape) => shape.Rank switch
    {
        4 => [shape[3], shape[2], shape[0], shape[1]],
        2 => [shape[1], shape[0]],
        _ => LongShape(shape),
    };

    private static long[] LongShape(Shape shape) => [.. shape.ToArray().Select(extent => (long)extent)];
}
