using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Cli;

/// <summary>The layers' values of one input after another, which become one array a layer.</summary>
/// <param name="channelsFirst">Whether activations are stored as (C, H, W).</param>
internal sealed class FeatureRows(bool channelsFirst)
{
    private readonly OrderedDictionary<string, (long[] Shape, List<float[]> Rows)> layers = new(StringComparer.Ordinal);
    private readonly List<string> inputs = [];

    public int Count => inputs.Count;

    /// <summary>Adds one input's values, [1, …] each.</summary>
    /// <exception cref="InputException">A layer's shape is not that of the inputs before.</exception>
    public void Add(string input, IReadOnlyDictionary<string, Tensor> values)
    {
        foreach ((string layer, Tensor value) in values)
        {
            long[] shape = ShapeOf(value.Shape);
            if (layers.TryGetValue(layer, out (long[] Shape, List<float[]> Rows) first) && !first.Shape.SequenceEqual(shape))
                throw new InputException($"{input}: all inputs of one extraction have one size; {layer} is ({string.Join(", ", shape)}) here, ({string.Join(", ", first.Shape)}) for {inputs[0]}; extract them apart");
        }
        foreach ((string layer, Tensor value) in values)
        {
            if (!layers.ContainsKey(layer))
                layers.Add(layer, (ShapeOf(value.Shape), []));
            layers[layer].Rows.Add(channelsFirst ? value.ToNchw() : value.ToArray());
        }
        inputs.Add(input);
    }

    /// <summary>One array a layer, (N, …), and <c>inputs</c>, the names.</summary>
    public IEnumerable<NamedArray> Arrays()
    {
        foreach ((string layer, (long[] shape, List<float[]> rows)) in layers)
        {
            yield return NamedArray.OfPieces(layer, [rows.Count, .. shape], (start, piece) =>
            {
                while (piece.Length > 0)
                {
                    float[] row = rows[(int)(start / rows[0].Length)];
                    ReadOnlySpan<float> rest = row.AsSpan((int)(start % row.Length));
                    int take = Math.Min(rest.Length, piece.Length);
                    rest[..take].CopyTo(piece);
                    piece = piece[take..];
                    start += take;
                }
            });
        }
        yield return NamedArray.Texts("inputs", [inputs.Count], inputs);
    }

    private long[] ShapeOf(Shape shape) => shape.Rank == 4 && channelsFirst ? [shape[3], shape[1], shape[2]] : [.. shape.ToArray()[1..].Select(extent => (long)extent)];
}
