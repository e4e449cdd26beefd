namespace NativeFree.Loaders;

/// <summary>
/// Writes a file that is there whole or not at all: into a temporary neighbour, flushed to the disk, then renamed over the old one. A
/// failure leaves the old file and no temporary.
/// </summary>
public static class AtomicFile
{
    // ENOSPC, and ERROR_DISK_FULL as an HRESULT.
    private const int DiskFullUnix = 28, DiskFullWindows = unchecked((int)0x80070070);

    /// <summary>
    /// Creates or replaces <paramref name="path"/> with what <paramref name="write"/> puts into the stream, which can seek.
    /// </summary>
    /// <exception cref="IOException">The folder is missing, the disk is full, or the file is in use.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the old file may not be written.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e)
        {
            File.Delete(temporary);
            if (e is IOException { HResult: DiskFullUnix or DiskFullWindows })
                throw new IOException($"{path}: a file is written whole; the disk is full, and what was there before stays; make room and write again", e);
            throw;
        }
    }
}
