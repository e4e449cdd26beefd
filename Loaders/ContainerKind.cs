namespace NativeFree.Loaders;

/// <summary>What the first bytes say a file is. Extensions are never asked.</summary>
internal enum ContainerKind
{
    Unknown,
    Hdf5,
    Zip,
    Npy,
    Gzip,
}

/// <summary>Recognition by signature.</summary>
internal static class Container
{
    /// <summary>The eight bytes that open an HDF5 superblock: 0x89 H D F, CR LF, control-Z, LF. A text-mode transfer damages
    /// them.</summary>
    public static ReadOnlySpan<byte> Hdf5Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>0x93 and NUMPY.</summary>
    public static ReadOnlySpan<byte> NpySignature => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static ContainerKind Recognize(FileBytes file)
    {
        if (StartsWith(file, 0, "PK\x03\x04"u8) || StartsWith(file, 0, "PK\x05\x06"u8))
        {
            return ContainerKind.Zip;
        }
        if (StartsWith(file, 0, NpySignature))
        {
            return ContainerKind.Npy;
        }
        if (StartsWith(file, 0, [0x1F, 0x8B]))
        {
            return ContainerKind.Gzip;
        }
        return FindHdf5(file) >= 0 ? ContainerKind.Hdf5 : ContainerKind.Unknown;
    }

    /// <summary>Offset of the HDF5 superblock: 0, or 512 · 2ᵏ behind a user block; −1 where there is none.</summary>
    public static long FindHdf5(FileBytes file)
    {
        for (long at = 0; at < file.Length; at = Math.Max(512, at * 2))
        {
            if (StartsWith(file, at, Hdf5Signature))
            {
                return at;
            }
        }
        return -1;
    }

    private static bool StartsWith(FileBytes file, long at, ReadOnlySpan<byte> signature) =>
        file.Length - at >= signature.Length && file.Span(at, signature.Length, "signature").SequenceEqual(signature);
}
