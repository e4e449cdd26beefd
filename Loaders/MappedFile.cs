using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace NativeFree.Loaders;

/// <summary>A whole file mapped for reading, and the handle behind it, through which parts of it are read without becoming part of the process's memory.</summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;

    private MappedFile(SafeFileHandle handle, long length)
    {
        this.handle = handle;
        Length = length;
        file = MemoryMappedFile.CreateFromFile(handle, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        byte* at = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref at);
        Start = at + view.PointerOffset;
    }

    /// <summary>Address of the first byte, valid until disposal.</summary>
    public byte* Start { get; }

    /// <summary>Bytes in the file when it was opened.</summary>
    public long Length { get; }

    /// <summary>Maps the file at <paramref name="path"/>; null where it is empty. Exceptions of the file system pass through.</summary>
    public static MappedFile? Open(string path)
    {
        SafeFileHandle handle = File.OpenHandle(path);
        try
        {
            long length = RandomAccess.GetLength(handle);
            if (length > 0)
            {
                return new MappedFile(handle, length);
            }
            handle.Dispose();
            return null;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads what the file holds from <paramref name="offset"/> on; thread-safe.</summary>
    /// <returns>Bytes read, perhaps fewer than asked; 0 behind the end.</returns>
    public int Read(long offset, Span<byte> destination) => RandomAccess.Read(handle, destination, offset);

    public void Dispose()
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
        handle.Dispose();
    }
}
