namespace NativeFree.Loaders;

/// <summary>
/// Chainer's npz: one array a parameter or statistic, named by its path. A model wrapped in a classifier or stored in a trainer's snapshot has a prefix before every path.
/// </summary>
internal sealed class ChainerSource : WeightSource
{
    // The first layer of every model of the zoo.
    private static readonly string[] Anchors = ["conv1_1/W", "conv1/W"];

    // ChainerCV wraps convolution and batch norm in one link more.
    private static readonly string[] ChainerCvAnchors = ["conv1_1/conv/W", "conv1/conv/W"];

    // Beside the model, a snapshot holds these.
    private static readonly string[] SnapshotRoots = ["updater/", "stop_trigger/", "extension_triggers/", "extensions/", "_snapshot_elapsed_time"];

    private readonly Dictionary<string, ArrayEntry> byKey = new(StringComparer.Ordinal);
    private readonly List<string> trainingState = [];

    private ChainerSource(ArrayFile file, string prefix, ArrayNames names) : base(file)
    {
        Prefix = prefix;
        bool snapshot = prefix.StartsWith("updater/", StringComparison.Ordinal);
        var beside = CheckpointDescription.NamesBeside(file).ToHashSet(StringComparer.Ordinal);
        foreach (ArrayEntry entry in file.Arrays)
        {
            if (beside.Contains(entry.Name))
            {
                trainingState.Add(entry.Name);
                continue;
            }
            if (names.Of(entry.Name.TrimStart('/')) is not { } name)
            {
                trainingState.Add(entry.Name);
                continue;
            }
            if (snapshot && !name.StartsWith(prefix, StringComparison.Ordinal) && SnapshotRoots.Any(root => name.StartsWith(root, StringComparison.Ordinal)))
                trainingState.Add(entry.Name);
            else
                byKey.TryAdd(name, entry);
        }
        Names = byKey.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).SelectMany(key => Parents(key[prefix.Length..])).ToHashSet(StringComparer.Ordinal);
    }

    public override string Framework => "chainer";

    /// <summary>What stands before every path of the model.</summary>
    public string Prefix { get; }

    public override IReadOnlySet<string> Names { get; }

    public override IReadOnlyList<string> TrainingState => trainingState;

    /// <summary>Null where no array is called like the first layer of a model.</summary>
    public static ChainerSource? Read(ArrayFile file, ArrayNames names)
    {
        // A prefix that was asked for goes as it is; else the first layer's name tells.
        if (PrefixOf(file, names, Anchors) is { } prefix)
            return new ChainerSource(file, names.Prefix is null ? prefix : "", names);
        if (PrefixOf(file, names, ChainerCvAnchors) is not null)
            throw new WeightException(file.Path, "holds a model of ChainerCV (names like conv1_1/conv/W, input red first), which differs from Chainer's own in more than names; use a file written by chainer.links' model");
        return null;
    }

    public override IReadOnlyList<WeightMatch> Match(IReadOnlyList<WeightPlace> places)
    {
        Dictionary<string, WeightPlace> byPath = places.ToDictionary(place => Prefix + place.Path, StringComparer.Ordinal);
        return [.. byKey.Select(item => byPath.TryGetValue(item.Key, out WeightPlace? place) ? Match(item.Value, place) : new WeightMatch(item.Value, null, [], default))];
    }

    public override int? Classes(string layer) => byKey.TryGetValue($"{Prefix}{layer}/W", out ArrayEntry? w) && w.Shape.Count == 2 && w.Shape[0] is > 0 and <= int.MaxValue ? (int)w.Shape[0] : null;

    private static string? PrefixOf(ArrayFile file, ArrayNames names, string[] anchors) => file.Arrays
        .Select(entry => names.Of(entry.Name.TrimStart('/')))
        .OfType<string>()
        .Where(name => anchors.Any(anchor => name == anchor || name.EndsWith("/" + anchor, StringComparison.Ordinal)))
        .OrderBy(name => name.Length)
        .Select(name => name[..^anchors.First(anchor => name.EndsWith(anchor, StringComparison.Ordinal)).Length])
        .FirstOrDefault();

    /// <summary>Every link around a parameter: <c>res2/a/conv1</c>, <c>res2/a</c>, <c>res2</c>.</summary>
    private static IEnumerable<string> Parents(string key)
    {
        for (int at = key.LastIndexOf('/'); at > 0; at = key.LastIndexOf('/', at - 1))
            yield return key[..at];
    }

    private static WeightMatch Match(ArrayEntry entry, WeightPlace place)
    {
        (long[] shape, LayoutChange change) = ChainerLayout.Of(place);
        return new WeightMatch(entry, place, shape, change);
    }
}
