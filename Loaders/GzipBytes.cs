using System.IO.Compression;

namespace NativeFree.Loaders;

/// <summary>Unpacks a gzip file into memory, within the limits.</summary>
internal static unsafe class GzipBytes
{
    private const int Step = 1 << 20;

    /// <exception cref="FileFormatException">The stream is damaged, cut off, or unpacks beyond the limits.</exception>
    public static FileBytes Unpack(FileBytes packed, ReadLimits limits)
    {
        long allowed = limits.ArchiveBytes(packed.Length);
        var unpacked = new NativeBytes(Math.Min(allowed, packed.Length * 2));
        try
        {
            using var stream = new GZipStream(new UnmanagedMemoryStream(packed.Pointer(0, packed.Length, "gzip"), packed.Length),
                CompressionMode.Decompress);
            long length = 0;
            while (true)
            {
                if (length == unpacked.Length)
                {
                    unpacked.Resize(Math.Max(length + Step, length + (length / 2)));
                }
                int n = Read(packed, stream, new Span<byte>(unpacked.Start + length, (int)Math.Min(Step, unpacked.Length - length)));
                if (n == 0)
                {
                    unpacked.Resize(length);
                    return FileBytes.Of(unpacked, length, packed.Name);
                }
                length += n;
                if (length > allowed)
                {
                    throw packed.Fault(0,
                        $"{packed.Length} bytes of gzip unpack beyond the {allowed} allowed; {nameof(ReadLimits)}.{nameof(ReadLimits.ArchiveRatio)} raises that");
                }
            }
        }
        catch
        {
            unpacked.Dispose();
            throw;
        }
    }

    private static int Read(FileBytes packed, GZipStream stream, Span<byte> block)
    {
        try
        {
            return stream.Read(block);
        }
        catch (InvalidDataException damage)
        {
            throw packed.Fault(0, "the gzip stream is damaged or cut off", damage);
        }
    }
}
