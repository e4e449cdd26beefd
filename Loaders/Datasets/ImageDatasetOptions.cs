using NativeFree.Models;

namespace NativeFree.Loaders;

/// <summary>How <see cref="ImageDataset"/> turns pictures into inputs.</summary>
/// <param name="Height">Rows of an input.</param>
/// <param name="Width">Columns of an input.</param>
public sealed record ImageDatasetOptions(int Height, int Width)
{
    /// <summary>Rows of a mask; those of the input when null. A network that answers at half size is trained on masks of half size.</summary>
    public int? MaskHeight { get; init; }

    /// <summary>Columns of a mask; those of the input when null.</summary>
    public int? MaskWidth { get; init; }

    /// <summary>How pixels become numbers: a model's own <see cref="Model.Preprocessing"/>, or, unless given, red, green, blue from 0 to 1.</summary>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.UnitRange;

    /// <summary>What is done to each picture at random, or null for nothing: always null where a model is judged.</summary>
    public Augmentation? Augmentation { get; init; }

    /// <summary>Start of the augmentation's random numbers.</summary>
    public int Seed { get; init; }

    /// <summary>The most memory that decoded pictures are kept in, bytes: 1 GiB. Those decoded first stay; with every picture used once an epoch no other choice finds more of them again.</summary>
    public long CacheBytes { get; init; } = 1L << 30;
}
