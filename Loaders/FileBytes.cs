using System.IO.MemoryMappedFiles;
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
    private readonly byte* start;
    private readonly IDisposable? owner;
    private readonly long origin;
    private bool disposed;

    private FileBytes(string name, byte* start, long length, IDisposable? owner, long origin = 0)
    {
        this.origin = origin;
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
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long length = stream.Length;
        if (length == 0)
        {
            return new FileBytes(path, null, 0, null);
        }
        var mapping = new Mapping(stream, length);
        return new FileBytes(path, mapping.Start, length, mapping);
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
        return new FileBytes(name, start + offset, length, this);
    }

    /// <summary>Everything from <paramref name="offset"/> on, as counted by HDF5 behind a user block; messages go on naming offsets of the
    /// whole.</summary>
    public FileBytes From(long offset)
    {
        Check(offset, Length - offset, "part");
        return new FileBytes(Name, start + offset, Length - offset, null, origin + offset);
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

    /// <summary>A read-only mapping of a whole file and the pointer acquired from it.</summary>
    private sealed class Mapping : IDisposable
    {
        private readonly MemoryMappedFile file;
        private readonly MemoryMappedViewAccessor view;

        public Mapping(FileStream stream, long length)
        {
            file = MemoryMappedFile.CreateFromFile(stream, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None,
                leaveOpen: true);
            view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            byte* at = null;
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref at);
            Start = at + view.PointerOffset;
        }

        public byte* Start { get; }

        public void Dispose()
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            file.Dispose();
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
