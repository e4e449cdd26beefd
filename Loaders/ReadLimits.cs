namespace NativeFree.Loaders;

/// <summary>
/// How much memory a compressed file may claim. A compressed piece of s stored bytes may unpack to max(<see cref="AlwaysAllowedBytes"/>,
/// ratio · s) bytes and no further.
/// Deflate itself cannot exceed 1032 : 1, and weights do not come near 4 : 1; the defaults leave room for arrays of zeros and stop archives
/// made to exhaust memory.
/// </summary>
public sealed record ReadLimits
{
    /// <summary>The limits used where none are given.</summary>
    public static ReadLimits Default { get; } = new();

    /// <summary>Bytes that any single compressed piece may unpack to, whatever its stored size. 64 MiB.</summary>
    public long AlwaysAllowedBytes { get; init; } = 64L << 20;

    /// <summary>Largest unpacked : stored ratio of a zip member (npz, keras) and of a gzip file. 256.</summary>
    public long ArchiveRatio { get; init; } = 256;

    /// <summary>Largest unpacked : stored ratio of an HDF5 chunk, and of all the chunks of one dataset together. 1000: repacked files hold
    /// whole chunks of zeros.</summary>
    public long ChunkRatio { get; init; } = 1000;

    /// <summary>Bytes that a zip member or gzip file of <paramref name="stored"/> bytes may unpack to.</summary>
    public long ArchiveBytes(long stored) => Allowed(stored, ArchiveRatio);

    /// <summary>Bytes that HDF5 chunk data of <paramref name="stored"/> bytes may unpack to.</summary>
    public long ChunkBytes(long stored) => Allowed(stored, ChunkRatio);

    private long Allowed(long stored, long ratio) =>
        Math.Max(AlwaysAllowedBytes, stored > long.MaxValue / Math.Max(1, ratio) ? long.MaxValue : stored * ratio);
}
