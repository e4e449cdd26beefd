namespace NativeFree.Loaders;

/// <summary>
/// A file is not what its format demands. The message reads <c>file: rule; what arrived; remedy</c>, on one line, with the byte offset
/// where one is known.
/// Readers let no other exception out for the contents of a file.
/// </summary>
public sealed class FileFormatException : FormatException
{
    /// <summary>Creates the exception for <paramref name="file"/>; <paramref name="offset"/> is −1 where no single byte is to
    /// blame.</summary>
    public FileFormatException(string file, string message, long offset = -1, Exception? inner = null)
        : base(offset < 0 ? $"{file}: {message}" : $"{file}: {message} (at byte {offset})", inner)
    {
        File = file;
        Reason = offset < 0 ? message : $"{message} (at byte {offset})";
        Offset = offset;
    }

    /// <summary>The file, or the member inside it, that was being read.</summary>
    public string File { get; }

    /// <summary>The message without the file in front.</summary>
    public string Reason { get; }

    /// <summary>Byte offset of the structure that broke the rule, or −1.</summary>
    public long Offset { get; }
}
