namespace NativeFree.Loaders.Npz;

/// <summary>One member as the central directory describes it, its data located behind the local header.</summary>
internal sealed record ZipEntry(string Name, ushort Method, uint Crc, long StoredBytes, long Bytes, long HeaderOffset)
{
    /// <summary>Method 0.</summary>
    public bool IsStored => Method == 0;

    /// <summary>Method 8.</summary>
    public bool IsDeflated => Method == 8;

    /// <summary>Where the member's data begins.</summary>
    public long DataOffset { get; init; }
}
