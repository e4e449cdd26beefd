namespace NativeFree.Loaders;

/// <summary>A weight file of Keras of any generation, as layers with arrays.</summary>
internal sealed class KerasSource : WeightSource
{
    /// <summary>keras_applications once called the classifier <c>probs</c>.</summary>
    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.Ordinal) { ["probs"] = "predictions" };

    private readonly IReadOnlyList<KerasLayer> layers;

    // Where a file has no names, the model inside which most convolutions stand is the network; what lies beside it is somebody's head.
    private readonly string network;

    // How many layers of a layer's class come before it in its group.
    private readonly Dictionary<KerasLayer, int> ranks = new(ReferenceEqualityComparer.Instance);

    private KerasSource(ArrayFile file, IReadOnlyList<KerasLayer> layers, IReadOnlyList<string> optimizer) : base(file)
    {
        this.layers = layers;
        TrainingState = [.. optimizer, .. CheckpointDescription.NamesBeside(file)];
        network = layers.Where(layer => layer.Class == "conv2d").GroupBy(layer => layer.Group).MaxBy(group => group.Count())?.Key ?? "";
        foreach (IGrouping<(string, string), KerasLayer> type in layers.GroupBy(layer => (layer.Group, layer.Class)))
        {
            int rank = 0;
            foreach (KerasLayer layer in type.OrderBy(layer => layer.Number))
                ranks.Add(layer, rank++);
        }
        var names = layers.SelectMany(layer => layer.Names.Append(layer.Group)).Where(name => name.Length > 0).Select(Current).ToHashSet(StringComparer.Ordinal);
        if (IsNameless)
        {
            foreach (IGrouping<string, KerasLayer> type in layers.GroupBy(layer => layer.Class))
                names.Add($"{type.Count()} {type.Key}");
        }
        Names = names;
    }

    public override string Framework => "keras";

    /// <summary>Layer and block names; for a file that keeps none, how many layers of each class there are: <c>53 conv2d</c>.</summary>
    public override IReadOnlySet<string> Names { get; }

    public override IReadOnlyList<string> TrainingState { get; }

    private bool IsNameless => layers.All(layer => layer.Names.Count == 0);

    /// <summary>Null where the file has neither of Keras's layouts.</summary>
    public static KerasSource? Read(ArrayFile file, ArrayNames names)
    {
        if (KerasLegacyLayout.Read(file) is { } legacy)
            return Of(file, names, legacy, [.. file.Arrays.Select(entry => entry.Name).Where(name => name.StartsWith("optimizer_weights/", StringComparison.Ordinal))]);
        if (KerasObjectLayout.Read(file) is { } objects)
            return Of(file, names, objects.Layers, objects.Optimizer);
        return KerasPlainLayout.Read(file) is { } plain ? Of(file, names, plain, []) : null;
    }

    /// <summary>The layers under the names that they are to have; those beside a prefix that was asked for are left out.</summary>
    private static KerasSource Of(ArrayFile file, ArrayNames names, IReadOnlyList<KerasLayer> layers, IReadOnlyList<string> optimizer)
    {
        var kept = new List<KerasLayer>();
        var left = new List<string>(optimizer);
        foreach (KerasLayer layer in layers)
        {
            string[] own = [.. layer.Names.Select(names.Of).OfType<string>()];
            if (names.Prefix is null || own.Length > 0)
                kept.Add(layer with { Names = own, Group = names.Of(layer.Group) ?? "" });
            else
                left.AddRange(layer.Arrays.Select(item => item.Entry.Name));
        }
        return new KerasSource(file, kept, left);
    }

    public override IReadOnlyList<WeightMatch> Match(IReadOnlyList<WeightPlace> places)
    {
        Dictionary<string, List<WeightPlace>> byLayer = places.GroupBy(place => place.Layer).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        var matches = new List<WeightMatch>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var listed = new HashSet<ArrayEntry>();
        foreach (KerasLayer layer in layers)
        {
            string? path = PathOf(layer, byLayer);
            bool copy = path is not null && !taken.Add(path);
            for (int i = 0; i < layer.Arrays.Count; i++)
            {
                (string? role, ArrayEntry entry) = layer.Arrays[i];
                WeightPlace? place = path is null ? null : role is null ? byLayer[path].ElementAtOrDefault(i) : byLayer[path].Find(candidate => candidate.Name == role);
                matches.Add(new WeightMatch(entry, place, place is null ? [] : [.. place.Shape!.Value.ToArray().Select(extent => (long)extent)], Change(place), copy));
                listed.Add(entry);
            }
        }
        var state = TrainingState.ToHashSet(StringComparer.Ordinal);
        matches.AddRange(File.Arrays.Where(entry => !listed.Contains(entry) && !state.Contains(entry.Name)).Select(entry => new WeightMatch(entry, null, [], default)));
        return matches;
    }

    public override int? Classes(string layer) =>
        (IsNameless ? layers.Where(candidate => candidate.Class == "dense" && candidate.Group == network).MaxBy(candidate => candidate.Number)
            : layers.FirstOrDefault(candidate => candidate.Names.Any(name => Current(name) == layer))) is { } found
        && found.Arrays[0].Entry.Shape is [.., > 0 and <= int.MaxValue] shape ? (int)shape[^1] : null;

    /// <summary>Keras on Theano convolved with turned kernels, and Keras 2 says in the file that it did; nothing else is taken for a sign.</summary>
    private LayoutChange Change(WeightPlace? place) =>
        place?.Shape is { Rank: 4 } shape && (File.Attributes("").GetValueOrDefault("backend") ?? File.Attributes("model_weights").GetValueOrDefault("backend"))?.Text == "theano"
            ? new LayoutChange(0, 0, 0, shape[0] * shape[1])
            : default;

    private static string Current(string name) => OtherNames.GetValueOrDefault(name, name);

    /// <summary>The model's layer: by name; inside a block of the model by class and order; in a file without names by class and order in the whole network.</summary>
    private string? PathOf(KerasLayer layer, Dictionary<string, List<WeightPlace>> byLayer)
    {
        foreach (string name in layer.Names.Select(Current))
        {
            if (byLayer.ContainsKey(name))
                return name;
        }
        int rank = ranks[layer];
        string inBlock = rank == 0 ? $"{layer.Group}/{layer.Class}" : $"{layer.Group}/{layer.Class}_{rank}";
        if (byLayer.ContainsKey(inBlock))
            return inBlock;
        return IsNameless && layer.Group == network ? byLayer.Where(item => item.Value[0].KerasClass == layer.Class && !item.Key.Contains('/')).Select(item => item.Key).ElementAtOrDefault(rank) : null;
    }
}
