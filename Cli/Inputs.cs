using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Cli;

/// <summary>One picture on its way into a network.</summary>
/// <param name="Name">The path as given; with [i] behind it for row i of a file of several.</param>
/// <param name="Image">The picture, or null where the input was prepared already.</param>
/// <param name="Prepared">Prepared values, float32 (3, H, W), or null.</param>
/// <param name="Height">Rows of the prepared values.</param>
/// <param name="Width">Columns of the prepared values.</param>
internal sealed record Input(string Name, Image? Image, float[]? Prepared = null, int Height = 0, int Width = 0)
{
    /// <summary>What the network reads, [1, H, W, 3].</summary>
    public Tensor ToTensor(Model model, ResizeFilter? filter) => Image is null
        ? Tensor.FromNchw(model.Device, 1, 3, Height, Width, Prepared)
        : model.Prepare(Image, filter: filter);
}

/// <summary>INPUT… of a command line: JPEG and PNG files, folders of them, and npy files with prepared values. One that cannot be read does not stop the others.</summary>
internal static class Inputs
{
    private static readonly string[] PictureEndings = [".jpg", ".jpeg", ".png"];

    /// <summary>Every input in order, folders as their pictures by name.</summary>
    /// <exception cref="InputException">A path does not exist, or a folder holds no picture.</exception>
    public static List<string> Expand(IReadOnlyList<string> paths, Action<Exception> refuse)
    {
        var files = new List<string>();
        foreach (string path in paths)
        {
            if (Directory.Exists(path))
            {
                string[] pictures = [.. Directory.EnumerateFiles(path).Where(file => PictureEndings.Contains(Path.GetExtension(file).ToLowerInvariant())).Order(StringComparer.Ordinal)];
                if (pictures.Length == 0)
                    refuse(new InputException($"{path}: a folder given as input holds JPEG or PNG files; this one holds none"));
                files.AddRange(pictures);
            }
            else if (File.Exists(path))
            {
                files.Add(path);
            }
            else
            {
                refuse(new InputException($"{path}: an input is a JPEG, PNG or npy file or a folder of pictures; there is nothing at that path"));
            }
        }
        return files;
    }

    /// <summary>The pictures of one file: one, or the rows of an npy file.</summary>
    /// <exception cref="FileFormatException">The file cannot be read.</exception>
    /// <exception cref="InputException">An npy file does not hold float32 of (N, 3, H, W) or (3, H, W).</exception>
    public static IEnumerable<Input> Read(string path, FirstPicture ahead) => IsNpy(path) ? ReadPrepared(path) : [new Input(path, ahead.Take(path) ?? ImageFile.Load(path))];

    /// <summary>How many pictures a file holds, without reading them.</summary>
    public static int Count(string path)
    {
        if (!IsNpy(path))
            return 1;
        using ArrayFile file = ArrayFile.Open(path);
        return file.Arrays[0].Shape is [var n, _, _, _] ? (int)Math.Min(n, int.MaxValue / 1024) : 1;
    }

    /// <summary>Whether a file begins as an npy file does.</summary>
    public static bool IsNpy(string path)
    {
        using FileStream stream = File.OpenRead(path);
        Span<byte> start = stackalloc byte[6];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start[0] == 0x93 && start[1..].SequenceEqual("NUMPY"u8);
    }

    private static IEnumerable<Input> ReadPrepared(string path)
    {
        using ArrayFile file = ArrayFile.Open(path);
        ArrayEntry entry = file.Arrays[0];
        int rank = entry.Shape.Count;
        if (entry.Dtype is not ("<f4" or ">f4") || rank is not (3 or 4) || entry.Shape[rank - 3] != 3 || entry.Count > Array.MaxLength || entry.Count == 0)
            throw new InputException($"{path}: a prepared input is float32 of (3, H, W) or (N, 3, H, W); this is {entry.Dtype} of ({string.Join(", ", entry.Shape)})");
        float[] values = new float[entry.Count];
        file.ReadFloats(entry, values);
        (int height, int width) = ((int)entry.Shape[rank - 2], (int)entry.Shape[rank - 1]);
        if (rank == 3)
        {
            yield return new Input(path, null, values, height, width);
            yield break;
        }
        int each = 3 * height * width;
        for (int i = 0; i < entry.Shape[0]; i++)
            yield return new Input($"{path}[{i}]", null, values.AsSpan(i * each, each).ToArray(), height, width);
    }
}
