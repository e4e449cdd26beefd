using System.IO.Compression;

namespace NativeFree.Loaders.Npz;

/// <summary>The unpacked bytes of one member, read once from front to end; size and CRC are checked by <see cref="Finish"/>.</summary>
internal sealed unsafe class ZipMember : IDisposable
{
    private const int Block = 1 << 17;
    private readonly FileBytes file;
    private readonly ZipEntry entry;
    private readonly DeflateStream? inflater;
    private long position;
    private uint crc;

    public ZipMember(FileBytes file, ZipEntry entry)
    {
        this.file = file;
        this.entry = entry;
        byte* stored = file.Pointer(entry.DataOffset, entry.StoredBytes, "member");
        if (entry.IsDeflated)
        {
            inflater = new DeflateStream(new UnmanagedMemoryStream(stored, entry.StoredBytes), CompressionMode.Decompress);
        }
    }

    /// <summary>What speaks against reading <paramref name="entry"/> at all, or null.</summary>
    public static string? Refusal(ZipEntry entry, ReadLimits limits)
    {
        if (!entry.IsStored && !entry.IsDeflated)
        {
            return $"compression method {entry.Method} is not read; stored and deflated are";
        }
        if (entry.IsStored && entry.Bytes != entry.StoredBytes)
        {
            return $"a stored member must have one size; has {entry.StoredBytes} and {entry.Bytes}";
        }
        long allowed = limits.ArchiveBytes(entry.StoredBytes);
        return entry.Bytes > allowed
            ? $"{entry.StoredBytes} compressed bytes claim to hold {entry.Bytes}; {allowed} are allowed, {nameof(ReadLimits)}.{nameof(ReadLimits.ArchiveRatio)} raises that"
            : null;
    }

    /// <summary>Fills <paramref name="destination"/> with the next bytes.</summary>
    /// <exception cref="FileFormatException">The member ends before, or its deflate stream is damaged.</exception>
    public void Read(byte* destination, long count)
    {
        if (count > entry.Bytes - position)
        {
            throw Fault($"holds {entry.Bytes} bytes, {position + count} are needed");
        }
        // In blocks, so that the checksum finds the bytes in cache.
        for (long done = 0; done < count;)
        {
            var block = new Span<byte>(destination + done, (int)Math.Min(Block, count - done));
            Next(block);
            crc = Crc32.Of(block, crc);
            done += block.Length;
        }
    }

    /// <summary>Demands that everything was read, that the stream ends here, and that the checksum is the directory's.</summary>
    public void Finish()
    {
        if (position != entry.Bytes)
        {
            throw Fault($"holds {entry.Bytes - position} bytes more than its array needs");
        }
        Span<byte> one = stackalloc byte[1];
        if (inflater is not null && Inflate(one) != 0)
        {
            throw Fault($"goes on behind its {entry.Bytes} bytes");
        }
        if (crc != entry.Crc)
        {
            throw Fault($"CRC-32 must be {entry.Crc:x8}; is {crc:x8}");
        }
    }

    public void Dispose() => inflater?.Dispose();

    private void Next(Span<byte> block)
    {
        if (inflater is null)
        {
            fixed (byte* to = block)
            {
                file.Copy(entry.DataOffset + position, block.Length, to, "member");
            }
        }
        else
        {
            for (int filled = 0; filled < block.Length;)
            {
                int n = Inflate(block[filled..]);
                filled += n > 0 ? n : throw Fault($"its deflate stream ends after {position + filled} of {entry.Bytes} bytes");
            }
        }
        position += block.Length;
    }

    private int Inflate(Span<byte> block)
    {
        try
        {
            return inflater!.Read(block);
        }
        catch (InvalidDataException damage)
        {
            throw file.Fault(entry.DataOffset, $"member '{entry.Name}': its deflate stream is damaged or cut off", damage);
        }
    }

    private FileFormatException Fault(string message) => file.Fault(entry.DataOffset, $"member '{entry.Name}': {message}");
}
