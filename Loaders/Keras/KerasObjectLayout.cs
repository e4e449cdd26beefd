using System.Globalization;

namespace NativeFree.Loaders;

/// <summary>
/// Keras 3's layout, <c>.weights.h5</c> and the file inside <c>.keras</c>: groups follow the attributes of Python objects, <c>layers/conv2d_3/vars/0</c>. Since 3.6 a <c>vars</c> group carries the layer's name; before, the
/// number counts the layers of a class in model order, in 2.12 and 2.13 (<c>_layer_checkpoint_dependencies/</c>) with gaps. Windows once wrote backslashes.
/// </summary>
internal static class KerasObjectLayout
{
    private const string Variables = "/vars/";

    /// <summary>The layers and the arrays of an optimizer, or null where the file has another layout.</summary>
    public static (IReadOnlyList<KerasLayer> Layers, IReadOnlyList<string> Optimizer)? Read(ArrayFile file)
    {
        var optimizer = new List<string>();
        var groups = new Dictionary<string, List<(int Index, ArrayEntry Entry)>>(StringComparer.Ordinal);
        foreach (ArrayEntry entry in file.Arrays)
        {
            string path = entry.Name.Replace('\\', '/');
            int at = path.LastIndexOf(Variables, StringComparison.Ordinal);
            if (at < 0 || !int.TryParse(path.AsSpan(at + Variables.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
                continue;
            if (path.StartsWith("optimizer/", StringComparison.Ordinal))
            {
                optimizer.Add(entry.Name);
                continue;
            }
            string group = entry.Name[..(entry.Name.Length - (path.Length - at))];
            if (!groups.TryGetValue(group, out List<(int Index, ArrayEntry Entry)>? arrays))
                groups.Add(group, arrays = []);
            arrays.Add((index, entry));
        }
        return groups.Count == 0 ? null : ([.. groups.Select(group => Layer(file, group.Key, group.Value))], optimizer);
    }

    private static KerasLayer Layer(ArrayFile file, string group, List<(int Index, ArrayEntry Entry)> arrays)
    {
        string[] parts = [.. group.Replace('\\', '/').Split('/').Where(part => part is not ("layers" or "_layer_checkpoint_dependencies"))];
        (string type, int number) = KerasLayer.Split(parts[^1]);
        string? name = file.Attributes(group + "/vars").TryGetValue("name", out ArrayAttribute? attribute) ? attribute.Text : null;
        return new KerasLayer(
            parts.Length > 1 ? parts[^2] : "", name is null ? [] : [name], type, number, [.. arrays.OrderBy(item => item.Index).Select(item => ((string?)null, item.Entry))]);
    }
}
