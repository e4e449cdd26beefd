using System.Runtime.InteropServices;

namespace NativeFree.Loaders;

/// <summary>
/// The bytes of a file, mapped or in memory, behind one bounds check: every access of the readers to untrusted contents goes through
/// <see cref="Span"/> or <see cref="Pointer"/>.
/// Offsets and lengths are 64-bit; a part shares the bytes of its whole and keeps nothing of its own. Whoever reads keeps the whole from
/// being disposed meanwhile: <see cref="ArrayFile"/> counts its readers.
/// </summary>
internal sealed unsafe class FileBytes : IDisposable
{
    // A call to the system costs as much as copying a few pages.
    private const long LeastRead = 1 << 14;
    private const long LargestRead = 1 << 30;

    private readonly byte* start;
    private readonly MappedFile? mapped;
    private readonly IDisposable? owner;
    private readonly long origin;
    private bool disposed;

    private FileBytes(string name, byte* start, long length, IDisposable? owner, MappedFile? mapped = null, long origin = 0)
    {
        this.origin = origin;
        this.mapped = mapped;
        Name = name;
        Length = length;
        this.start = start;
        this.owner = owner;
    }

    /// <summary>What messages call this file: its path, or the path and the member.</summary>
    public string Name { get; }

    public long Length { get; }

    /// <summary>Maps the file at <paramref name="path"/> for reading. Exceptions of the file system pass through.</summary>
    public static FileBytes Map(string path)
    {
        MappedFile? mapping = MappedFile.Open(path);
        return mapping is null ? new FileBytes(path, null, 0, null) : new FileBytes(path, mapping.Start, mapping.Length, mapping, mapping);
    }

    /// <summary>The bytes of <paramref name="contents"/>, pinned until disposal and not copied.</summary>
    public static FileBytes Of(byte[] contents, string name)
    {
        if (contents.Length == 0)
        {
            return new FileBytes(name, null, 0, null);
        }
        var pin = new Pin(contents);
        return new FileBytes(name, pin.Start, contents.Length, pin);
    }

    /// <summary>The first <paramref name="length"/> bytes of <paramref name="memory"/>, which is disposed with the result.</summary>
    public static FileBytes Of(NativeBytes memory, long length, string name) => new(name, memory.Start, length, memory);

    /// <summary>Bytes [offset, offset + length) as a file under a name of its own, with its own offsets. The whole is disposed with the
    /// part.</summary>
    public FileBytes TakePart(long offset, long length, string name)
    {
        Check(offset, length, "part");
        return new FileBytes(name, start + offset, length, this, mapped);
    }

    /// <summary>Everything from <paramref name="offset"/> on, as counted by HDF5 behind a user block; messages go on naming offsets of the
    /// whole.</summary>
    public FileBytes From(long offset)
    {
        Check(offset, Length - offset, "part");
        return new FileBytes(Name, start + offset, Length - offset, null, mapped, origin + offset);
    }

    /// <summary>Bytes [offset, offset + count). <paramref name="what"/> names the structure for the message.</summary>
    /// <exception cref="FileFormatException">They do not lie within the file.</exception>
    public ReadOnlySpan<byte> Span(long offset, long count, string what)
    {
        Check(offset, count, what);
        return count <= int.MaxValue
            ? new ReadOnlySpan<byte>(start + offset, (int)count)
            : throw Fault(offset, $"{what} of {count} bytes is beyond 2 GiB in one piece");
    }

    /// <summary>Address of bytes [offset, offset + count), any count; valid until disposal.</summary>
    /// <exception cref="FileFormatException">They do not lie within the file.</exception>
    public byte* Pointer(long offset, long count, string what)
    {
        Check(offset, count, what);
        return start + offset;
    }

    /// <summary>
    /// Copies bytes [offset, offset + count) to <paramref name="destination"/>. Large pieces of a mapped file are read by the system: that is faster than fresh pages of a mapping, and they never count as this
    /// process's memory.
    /// </summary>
    /// <exception cref="FileFormatException">They do not lie within the file, or no longer.</exception>
    public void Copy(long offset, long count, byte* destination, string what)
    {
        Check(offset, count, what);
        if (mapped is null || count < LeastRead)
        {
            Buffer.MemoryCopy(start + offset, destination, count, count);
            return;
        }
        long at = start + offset - mapped.Start;
        for (long done = 0; done < count;)
        {
            int read = mapped.Read(at + done, new Span<byte>(destination + done, (int)Math.Min(LargestRead, count - done)));
            done += read > 0 ? read : throw Fault(offset + done, $"{what} of {count} bytes ends after {done}; the file was shortened while it was open");
        }
    }

    /// <summary>The bytes from <paramref name="offset"/> on, as many as <paramref name="buffer"/> has: in place where they are in memory, of a mapped file copied into the buffer.</summary>
    /// <exception cref="FileFormatException">As <see cref="Copy"/>.</exception>
    public ReadOnlySpan<byte> Piece(long offset, Span<byte> buffer, string what)
    {
        if (mapped is null)
        {
            return Span(offset, buffer.Length, what);
        }
        fixed (byte* destination = buffer)
        {
            Copy(offset, buffer.Length, destination, what);
        }
        return buffer;
    }

    /// <summary>An exception that names this file and <paramref name="offset"/>.</summary>
    public FileFormatException Fault(long offset, string message, Exception? inner = null) =>
        new(Name, message, offset < 0 ? -1 : offset + origin, inner);

    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            owner?.Dispose();
        }
    }

    private void Check(long offset, long count, string what)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (offset < 0 || count < 0 || offset > Length || count > Length - offset)
        {
            throw Fault(offset, $"{what} of {count} bytes must lie within the file of {Length} bytes");
        }
    }

    /// <summary>An array held in place.</summary>
    private sealed class Pin(byte[] contents) : IDisposable
    {
        private GCHandle handle = GCHandle.Alloc(contents, GCHandleType.Pinned);

        public byte* Start => (byte*)handle.AddrOfPinnedObject();

        public void Dispose() => handle.Free();
    }
}
