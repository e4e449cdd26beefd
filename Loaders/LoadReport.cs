using System.Globalization;

namespace NativeFree.Loaders;

/// <summary>An array of a file and the place in a model that it fills.</summary>
/// <param name="Array">Name in the file.</param>
/// <param name="Path">Path in the model: <c>res2/a/conv1/W</c>.</param>
public sealed record LoadedArray(string Array, string Path);

/// <summary>An array whose extents or type are not those of its place.</summary>
/// <param name="Array">Name in the file.</param>
/// <param name="Path">Path in the model.</param>
/// <param name="FileShape">Type and extents in the file.</param>
/// <param name="ModelShape">Extents that the model's place has in a file of this kind.</param>
public sealed record MisfitArray(string Array, string Path, string FileShape, string ModelShape);

/// <summary>
/// What loading found. A file is loaded whole or not at all: <see cref="Missing"/>, <see cref="Unused"/> and <see cref="Misfits"/> are empty after success, unless <see cref="LoadOptions.AllowMissing"/> was set; then they
/// name each place that kept its values and each array that was skipped.
/// </summary>
public sealed record LoadReport
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>The model it was compared with: <c>resnet50 (keras)</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Arrays with a place.</summary>
    public required IReadOnlyList<LoadedArray> Loaded { get; init; }

    /// <summary>Places of the model for which the file has nothing.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Arrays of the file that have no place in the model.</summary>
    public required IReadOnlyList<string> Unused { get; init; }

    /// <summary>Arrays whose extents or type are wrong.</summary>
    public required IReadOnlyList<MisfitArray> Misfits { get; init; }

    /// <summary>Arrays that are not weights, the state of an optimizer or of a trainer, and those beside <see cref="LoadOptions.Prefix"/>.</summary>
    public required IReadOnlyList<string> TrainingState { get; init; }

    /// <summary>Whether every place is filled and every weight used.</summary>
    public bool IsComplete => Missing.Count == 0 && Unused.Count == 0 && Misfits.Count == 0;

    /// <summary>One line: the counts, and the first few names of whatever is wrong.</summary>
    public override string ToString()
    {
        var parts = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{Loaded.Count} loaded") };
        Add("missing", Missing);
        Add("unused", Unused);
        Add("wrong shape", [.. Misfits.Select(misfit => $"{misfit.Array}: file {misfit.FileShape}, model {misfit.ModelShape}")]);
        if (TrainingState.Count > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{TrainingState.Count} of training state left out"));
        return string.Join(", ", parts);

        void Add(string what, IReadOnlyList<string> names)
        {
            const int shown = 4;
            if (names.Count > 0)
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{names.Count} {what} ({string.Join(", ", names.Take(shown))}{(names.Count > shown ? ", …" : "")})"));
        }
    }
}
