using System.Globalization;
using NativeFree.Kernels;

namespace NativeFree.Loaders;

/// <summary>
/// Fashion-MNIST (Xiao et al., arXiv:1708.07747): 60 000 grey pictures of 28² to train on and 10 000 to test with, ten classes of 6000 and 1000. The four IDX files as published, plain or with <c>.gz</c>; Debian's package
/// dataset-fashion-mnist puts them into <c>/usr/share/datasets/fashion-mnist</c>. Files of MNIST's own have the same names and form.
/// </summary>
public static class FashionMnist
{
    /// <summary>What the ten classes are, in the order of their labels.</summary>
    public static IReadOnlyList<string> Classes { get; } = ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>Pictures with their classes, held in memory.</summary>
    /// <param name="folder">Where the files lie.</param>
    /// <param name="train">The larger part, or the one to test with.</param>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="FileFormatException">A file is not as described, the numbers of pictures and labels differ, or a label is no class.</exception>
    public static ImageList Images(string folder, bool train)
    {
        (IdxFile pictures, IdxFile labels, string path) = Read(folder, train);
        (int height, int width) = (pictures.Shape[1], pictures.Shape[2]);
        var samples = new ImageSample[labels.Values.Length];
        for (int i = 0; i < samples.Length; i++)
        {
            int first = i * height * width;
            samples[i] = new ImageSample($"{path}[{i.ToString(CultureInfo.InvariantCulture)}]", () => new Image(height, width, 1, pictures.Values.AsSpan(first, height * width).ToArray()), labels.Values[i]);
        }
        return new ImageList(path, samples, Classes);
    }

    /// <summary>As <see cref="Images"/>, as float32 [28, 28, 1] of value/255.</summary>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="FileFormatException">A file is not as described, the numbers of pictures and labels differ, or a label is no class.</exception>
    public static ArrayDataset Arrays(string folder, bool train)
    {
        (IdxFile pictures, IdxFile labels, _) = Read(folder, train);
        return new ArrayDataset(
            Array.ConvertAll(pictures.Values, value => value / 255f), new Shape(pictures.Shape[1], pictures.Shape[2], 1), Array.ConvertAll(labels.Values, value => (int)value), new Shape(), Classes);
    }

    private static (IdxFile Pictures, IdxFile Labels, string Path) Read(string folder, bool train)
    {
        string part = train ? "train" : "t10k", picturePath = Find(folder, $"{part}-images-idx3-ubyte"), labelPath = Find(folder, $"{part}-labels-idx1-ubyte");
        IdxFile pictures = IdxFile.Read(picturePath), labels = IdxFile.Read(labelPath);
        if (pictures.Shape.Count != 3 || pictures.Values.Length == 0)
            throw new FileFormatException(picturePath, $"pictures are bytes of [N, H, W], none of them 0; got [{string.Join(", ", pictures.Shape)}]");
        if (labels.Shape.Count != 1 || labels.Shape[0] != pictures.Shape[0])
            throw new FileFormatException(labelPath, $"there is one label a picture, {pictures.Shape[0]}; got [{string.Join(", ", labels.Shape)}]");
        if (Array.FindIndex(labels.Values, label => label >= Classes.Count) is var wrong and >= 0)
            throw new FileFormatException(labelPath, $"labels lie in 0 to {Classes.Count - 1}; got {labels.Values[wrong]} for picture {wrong}");
        return (pictures, labels, picturePath);
    }

    private static string Find(string folder, string name)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string plain = Path.Combine(folder, name);
        return File.Exists(plain) ? plain : File.Exists(plain + ".gz") ? plain + ".gz" : throw new FileNotFoundException(
            $"{plain}: the folder holds this file, plain or with .gz; it has neither; on Debian, apt install dataset-fashion-mnist puts all four into /usr/share/datasets/fashion-mnist", plain);
    }
}
