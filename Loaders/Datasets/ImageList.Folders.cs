namespace NativeFree.Loaders;

public sealed partial class ImageList
{
    private static readonly string[] PictureEndings = [".jpg", ".jpeg", ".png"];

    /// <summary>A folder with one folder for each class: <c>root/cat/1.jpg</c>, <c>root/dog/a.png</c>. Classes and files are in ordinal order; names that begin with a dot are passed over, as are files that are not called JPEG or PNG.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="classes">The classes, so that another folder's labels agree; those found unless given.</param>
    /// <param name="options">How pictures are decoded.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileFormatException">There is no class folder, one holds no picture, one is none of the given classes, or a given class has no folder.</exception>
    public static ImageList FromFolders(string root, IReadOnlyList<string>? classes = null, ImageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        string[] found = [.. Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)!).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)];
        if (found.Length == 0)
            throw new FileFormatException(root, "a folder of pictures holds one folder for each class; this one holds none; put the pictures of each class into a folder of its name");
        classes ??= found;
        var samples = new List<ImageSample>();
        for (int label = 0; label < classes.Count; label++)
        {
            string folder = Path.Combine(root, classes[label]);
            string[] pictures = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder).Where(IsPicture).Order(StringComparer.Ordinal)] : [];
            if (pictures.Length == 0)
                throw new FileFormatException(folder, "a class has at least one JPEG or PNG file; this one has none; add pictures or remove the class");
            samples.AddRange(pictures.Select(path => OfFile(path, label, options)));
        }
        if (found.FirstOrDefault(name => !classes.Contains(name)) is { } unknown)
            throw new FileFormatException(Path.Combine(root, unknown), $"a class is one of {string.Join(", ", classes)}; got {unknown}; remove the folder or train on it too");
        return new ImageList(root, samples, classes);
    }

    private static bool IsPicture(string path) => !Path.GetFileName(path).StartsWith('.') && PictureEndings.Contains(Path.GetExtension(path).ToLowerInvariant());

    private static ImageSample OfFile(string path, int label, ImageOptions? options) => new(path, () => ImageFile.Load(path, options), label);
}
