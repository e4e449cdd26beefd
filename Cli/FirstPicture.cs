using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Cli;

/// <summary>The first picture of a command line, decoded on another thread while the weights are found and listed.</summary>
internal sealed class FirstPicture
{
    private readonly string? path;
    private Task<Image>? decoding;

    public FirstPicture(IReadOnlyList<string> paths)
    {
        // The first of a folder is known only when all are listed; prepared values are read when it is their turn.
        if (paths[0] is { } first && File.Exists(first) && Path.GetExtension(first) != ".npy")
        {
            path = first;
            decoding = Task.Run(() => ImageFile.Load(first));
        }
    }

    /// <summary>The picture if it is the one at <paramref name="file"/> and was not taken yet, else null.</summary>
    /// <exception cref="FileFormatException">It cannot be read.</exception>
    public Image? Take(string file)
    {
        if (file != path || decoding is not { } task)
            return null;
        decoding = null;
        return task.GetAwaiter().GetResult();
    }
}
