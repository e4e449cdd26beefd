using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>An array of a converted file whose values are not those of the source.</summary>
/// <param name="Path">Path in the target's model.</param>
/// <param name="How">What it holds instead, and why.</param>
public sealed record ChangedArray(string Path, string How);

/// <summary>What a conversion did, and how far the two models differ.</summary>
public sealed record ConversionReport
{
    /// <summary>The source.</summary>
    public required string Input { get; init; }

    /// <summary>The file written.</summary>
    public required string Output { get; init; }

    /// <summary>The zoo's name.</summary>
    public required string Model { get; init; }

    /// <summary>The source's framework.</summary>
    public required Origin From { get; init; }

    /// <summary>The target's framework.</summary>
    public required Origin To { get; init; }

    /// <summary>Places of the target that were filled; the U-Net's encoder, which its file holds twice, counts once.</summary>
    public required int Arrays { get; init; }

    /// <summary>Arrays that could not pass as they were; empty for VGG, and where the framework stays.</summary>
    public required IReadOnlyList<ChangedArray> Changed { get; init; }

    /// <summary>Where the two networks compute differently, a sentence each; empty where the framework stays.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>The value compared, by the source's name: <c>prob</c>, <c>predictions</c>; the last one of a model without top.</summary>
    public required string ProbeLayer { get; init; }

    /// <summary>The largest difference between the two models' values on the probe picture; NaN where a value is not a number.</summary>
    public required float LargestDifference { get; init; }
}
