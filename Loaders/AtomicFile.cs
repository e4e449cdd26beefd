namespace NativeFree.Loaders;

/// <summary>
/// Writes a file that is there whole or not at all: into a temporary neighbour, flushed to the disk, then renamed over the old one. A failure leaves the old file and no temporary.
/// </summary>
internal static class AtomicFile
{
    /// <exception cref="IOException">The folder is missing, the disk is full, or the file is in use.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the old file may not be written.</exception>
    internal static void Write(string path, Action<Stream> write)
    {
        string temporary = $"{path}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
