using System.Globalization;

namespace NativeFree.Loaders;

/// <summary>
/// Keras's first HDF5 layout, written by Keras 1 and 2, tf.keras and Keras 3 as <c>.h5</c>: the root (or <c>model_weights</c> in a file of a whole model) lists the layers in <c>layer_names</c>, each layer's group its arrays in
/// <c>weight_names</c>. Paths are never guessed: they changed with every generation.
/// </summary>
internal static class KerasLegacyLayout
{
    /// <summary>The layers, or null where the file has another layout.</summary>
    /// <exception cref="WeightException">The file is older than Keras 1.1 and names nothing.</exception>
    /// <exception cref="FileFormatException">A name has no array.</exception>
    public static IReadOnlyList<KerasLayer>? Read(ArrayFile file)
    {
        foreach (string root in (string[])["", "model_weights"])
        {
            if (Names(file, root, "layer_names") is { } layers)
                return [.. layers.SelectMany(layer => Layers(file, root, layer))];
            if (file.Attributes(root).ContainsKey("nb_layers"))
                throw new WeightException(file.Path, "was written before Keras 1.1, which numbers layers and arrays without naming them; load it and save it again with Keras 1.1 to 2");
        }
        return null;
    }

    /// <summary>One layer, or the layers of a model that was used as a layer.</summary>
    private static IEnumerable<KerasLayer> Layers(ArrayFile file, string root, string layer)
    {
        string group = root.Length == 0 ? layer : $"{root}/{layer}";
        var inner = new OrderedDictionary<string, List<(string? Role, ArrayEntry Entry)>>(StringComparer.Ordinal);
        foreach (string weight in Names(file, group, "weight_names") ?? [])
        {
            ArrayEntry entry = file.Find($"{group}/{weight}") ?? throw new FileFormatException(file.Path, $"every name in weight_names has an array; '{group}' lists '{weight}' and has none; the file is not whole");
            string[] parts = weight.Split('/');
            string owner = parts.Length > 1 ? parts[^2] : layer;
            if (!inner.TryGetValue(owner, out List<(string? Role, ArrayEntry Entry)>? arrays))
                inner.Add(owner, arrays = []);
            arrays.Add((KerasLayer.Role(weight), entry));
        }
        foreach ((string owner, List<(string? Role, ArrayEntry Entry)> arrays) in inner)
        {
            // A layer of its own goes by the group's name: the scope inside may carry a number, from a graph that was built twice.
            (string type, int number) = KerasLayer.Split(owner);
            yield return new KerasLayer(layer, inner.Count == 1 ? [layer, owner] : [owner], type, number, arrays);
        }
    }

    /// <summary>A list of names, whole or split at 64 KB into name0, name1, …; null where there is none.</summary>
    private static List<string>? Names(ArrayFile file, string path, string name)
    {
        IReadOnlyDictionary<string, ArrayAttribute> attributes = file.Attributes(path);
        if (attributes.TryGetValue(name, out ArrayAttribute? whole))
            return [.. Texts(whole)];
        List<string>? names = null;
        for (int i = 0; attributes.TryGetValue(name + i.ToString(CultureInfo.InvariantCulture), out ArrayAttribute? part); i++)
            (names ??= []).AddRange(Texts(part));
        return names;

        IReadOnlyList<string> Texts(ArrayAttribute attribute) =>
            attribute.Texts ?? throw new FileFormatException(file.Path, $"{name} is a list of names; at '{path}' it is {attribute.Dtype}");
    }
}
