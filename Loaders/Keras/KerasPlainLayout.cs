namespace NativeFree.Loaders;

/// <summary>Keras's arrays by name alone, <c>conv1_conv/kernel</c>, as <see cref="ModelWriter"/> puts them into npz.</summary>
internal static class KerasPlainLayout
{
    /// <summary>The layers, or null where no array is called kernel.</summary>
    public static IReadOnlyList<KerasLayer>? Read(ArrayFile file)
    {
        if (!file.Arrays.Any(entry => entry.Name.EndsWith("/kernel", StringComparison.Ordinal)))
            return null;
        var beside = CheckpointDescription.NamesBeside(file).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. file.Arrays.Where(entry => entry.Name.Contains('/') && !beside.Contains(entry.Name)).GroupBy(entry => entry.Name[..entry.Name.LastIndexOf('/')]).Select(group =>
            {
                int at = group.Key.LastIndexOf('/');
                (string type, int number) = KerasLayer.Split(group.Key[(at + 1)..]);
                return new KerasLayer(at < 0 ? "" : group.Key[..at], [group.Key[(at + 1)..]], type, number, [.. group.Select(entry => (KerasLayer.Role(entry.Name), entry))]);
            }),
        ];
    }
}
