namespace NativeFree.Cli;

/// <summary>A path that a command will write when its long work is done: looked at before the work begins.</summary>
internal static class WritablePlace
{
    /// <summary>Makes and removes a file beside it.</summary>
    /// <param name="path">The file to be.</param>
    /// <exception cref="InputException">It is a folder, its folder does not exist, or takes no files.</exception>
    public static void Require(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? path;
        if (!Directory.Exists(folder) || Directory.Exists(path))
            throw new InputException($"{path}: a file is written into a folder that exists; {(Directory.Exists(path) ? "this is a folder itself" : $"{folder} does not")}; make the folder, or name a file");
        try
        {
            using FileStream probe = new($"{Path.GetFullPath(path)}.{Environment.ProcessId}-0.tmp", FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path}: files are written into a folder that lets them be made; {folder} does not ({e.Message}); name another place");
        }
    }
}
