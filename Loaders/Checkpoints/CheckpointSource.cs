using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>A checkpoint of ours as a weight file: paths and layouts are the model's own. Prefixes and renames do not apply to it.</summary>
internal sealed class CheckpointSource : WeightSource
{
    private readonly Model? model;

    private CheckpointSource(ArrayFile file) : base(file)
    {
        model = CheckpointDescription.ModelOf(file) is null ? null : CheckpointDescription.Build(file);
        Names = file.Arrays.Where(IsWeight).Select(entry => entry.Name[CheckpointFile.WeightPrefix.Length..]).ToHashSet(StringComparer.Ordinal);
        TrainingState = [.. file.Arrays.Where(entry => !IsWeight(entry)).Select(entry => entry.Name)];
    }

    public override string Framework => "nativefree";

    public override IReadOnlySet<string> Names { get; }

    public override IReadOnlyList<string> TrainingState { get; }

    /// <summary>What the file says it is.</summary>
    public WeightFileInfo Info => new(Framework, model?.Name, model?.Origin, model?.Options.Top ?? false, model is { Options.Top: true } ? model.Classes : null);

    /// <summary>Null where the file does not say that it is a checkpoint, or has a framework's names for its weights.</summary>
    /// <exception cref="WeightException">It says so, and what it describes is no model.</exception>
    public static CheckpointSource? Read(ArrayFile file) => file.Find(CheckpointDescription.Format) is null || CheckpointDescription.IsBeside(file) ? null : new CheckpointSource(file);

    public override IReadOnlyList<WeightMatch> Match(IReadOnlyList<WeightPlace> places)
    {
        Dictionary<string, WeightPlace> byPath = places.ToDictionary(place => CheckpointFile.WeightPrefix + place.Path, StringComparer.Ordinal);
        return
        [
            .. File.Arrays.Where(IsWeight).Select(entry => byPath.TryGetValue(entry.Name, out WeightPlace? place)
                ? new WeightMatch(entry, place, place.Shape is { } shape ? [.. shape.ToArray().Select(extent => (long)extent)] : [], default)
                : new WeightMatch(entry, null, [], default)),
        ];
    }

    public override int? Classes(string layer) => Info.Classes;

    private static bool IsWeight(ArrayEntry entry) => entry.Name.StartsWith(CheckpointFile.WeightPrefix, StringComparison.Ordinal);
}
