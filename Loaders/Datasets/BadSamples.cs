namespace NativeFree.Loaders;

/// <summary>What becomes of a sample that cannot be read: an image cut short, a mask of the wrong size, a file that has gone.</summary>
public enum BadSamples
{
    /// <summary>The enumeration ends with the exception that names the sample.</summary>
    Refuse,

    /// <summary>The sample is named once in <see cref="DataLoader.Skipped"/> and left out; its batch is that much smaller.</summary>
    Skip,
}
