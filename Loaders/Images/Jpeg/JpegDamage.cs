namespace NativeFree.Loaders.Images;

/// <summary>
/// Where a JPEG breaks the standard in a way that libjpeg survives: refused, or noted and survived too, as
/// <see cref="ImageOptions.AcceptDamaged"/> says. The first note is kept.
/// </summary>
internal sealed class JpegDamage(string file, bool accept)
{
    internal string File { get; } = file;

    internal string? Warning { get; private set; }

    internal bool Accepts { get; } = accept;

    /// <summary>Damage to the picture.</summary>
    internal void Report(string what, long offset)
    {
        if (!Accepts)
        {
            throw new FileFormatException(File, $"{what}; restore the file, or set ImageOptions.AcceptDamaged to see what is left", offset);
        }

        Note(what, offset);
    }

    /// <summary>Something odd that changes no pixel.</summary>
    internal void Note(string what, long offset) => Warning ??= $"{what} (at byte {offset})";

    /// <summary>What no decoder could make sense of.</summary>
    internal FileFormatException Fatal(string what, long offset) => new(File, what, offset);
}
