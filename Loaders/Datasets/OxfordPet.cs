using System.Globalization;
using NativeFree.Kernels;

namespace NativeFree.Loaders;

/// <summary>
/// The Oxford-IIIT Pet set as published (Parkhi et al., Cats and Dogs, CVPR 2012): <c>images/NAME.jpg</c>, <c>annotations/trimaps/NAME.png</c> with 1 pet, 2 background, 3 border, and the lists <c>annotations/trainval.txt</c> (3680 pictures)
/// and <c>annotations/test.txt</c> (3669), whose lines read <c>NAME class species breed</c> with classes from 1. Any set of that layout will do; pictures may be <c>.png</c> too. What no list names
/// (<c>images/*.mat</c>, <c>trimaps/._*</c>) is not looked at.
/// </summary>
public static class OxfordPet
{
    /// <summary>The classes of a trimap's pixels: its values 1, 2, 3 in that order.</summary>
    public static IReadOnlyList<string> PixelClasses { get; } = ["pet", "background", "border"];

    /// <summary>
    /// Pictures of the published set that are not the JPEGs their names promise, and what becomes of them. Sources: github.com/tensorflow/models issue 3134, tensorflow/datasets pull request 5349 and the
    /// cleaning scripts of several projects, which agree.
    /// </summary>
    public static IReadOnlyDictionary<string, string> OddPictures { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["Abyssinian_34"] = Gif,
        ["Egyptian_Mau_139"] = Gif,
        ["Egyptian_Mau_145"] = Gif,
        ["Egyptian_Mau_167"] = Gif,
        ["Egyptian_Mau_177"] = Gif,
        ["Egyptian_Mau_191"] = Gif,
        ["Abyssinian_5"] = Png,
        ["Egyptian_Mau_14"] = Png,
        ["Egyptian_Mau_156"] = Png,
        ["Egyptian_Mau_186"] = Png,
        ["beagle_116"] = Damaged,
        ["chihuahua_121"] = Damaged,
    };

    private const string Gif = "a GIF; left out";
    private const string Png = "a PNG; read as such";
    private const string Damaged = "a damaged JPEG; read as far as libjpeg reads it";

    /// <summary>Pictures with their trimaps, for segmentation into <see cref="PixelClasses"/>.</summary>
    /// <param name="root">The folder that holds <c>images</c> and <c>annotations</c>.</param>
    /// <param name="list">The list to follow, without its ending: <c>trainval</c> or <c>test</c>.</param>
    /// <exception cref="IOException">The list cannot be read.</exception>
    /// <exception cref="FileFormatException">A line of the list is not as described, or the list is empty. A picture or trimap that is missing or broken is refused when it is read.</exception>
    public static ImageList Segmentation(string root, string list) => Read(root, list, masks: true);

    /// <summary>Pictures with their breeds; the classes are those the list names, in the order of their numbers, called as their pictures are, without the number.</summary>
    /// <param name="root">The folder that holds <c>images</c> and <c>annotations</c>.</param>
    /// <param name="list">The list to follow, without its ending: <c>trainval</c> or <c>test</c>.</param>
    /// <exception cref="IOException">The list cannot be read.</exception>
    /// <exception cref="FileFormatException">A line of the list is not as described, the classes are not numbered from 1 without gaps, or the list is empty.</exception>
    public static ImageList Breeds(string root, string list) => Read(root, list, masks: false);

    private static ImageList Read(string root, string list, bool masks)
    {
        ArgumentNullException.ThrowIfNull(root);
        string file = Path.Combine(root, "annotations", list + ".txt");
        var samples = new List<ImageSample>();
        var leftOut = new List<string>();
        var breeds = new SortedDictionary<int, string>();
        int line = 0;
        foreach (string text in File.ReadLines(file))
        {
            line++;
            string[] fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (fields.Length == 0 || text.StartsWith('#'))
                continue;
            if (fields.Length < 2 || fields[0].Contains('/') || fields[0].Contains('\\') || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int breed) || breed < 1)
                throw new FileFormatException(file, $"a line is NAME class species breed, with classes from 1; got '{text}' in line {line}; correct the line");
            string name = fields[0];
            string? odd = OddPictures.GetValueOrDefault(name);
            if (odd == Gif)
            {
                leftOut.Add($"{name}: {odd}");
                continue;
            }
            breeds.TryAdd(breed, name.LastIndexOf('_') is var cut and > 0 ? name[..cut] : name);
            samples.Add(Sample(root, file, name, breed - 1, masks, odd == Damaged ? new ImageOptions { AcceptDamaged = true } : null));
        }
        if (samples.Count == 0)
            throw new FileFormatException(file, "a list names at least one picture; this one names none");
        if (breeds.Keys.Last() != breeds.Count && !masks)
        {
            int missing = Enumerable.Range(1, breeds.Keys.Last()).First(i => !breeds.ContainsKey(i));
            throw new FileFormatException(file, $"a class has at least one picture, and classes are numbered from 1 without gaps; class {missing} has none; add pictures or number the classes anew");
        }
        return new ImageList(file, samples, masks ? PixelClasses : [.. breeds.Values], leftOut);
    }

    private static ImageSample Sample(string root, string list, string name, int breed, bool mask, ImageOptions? options)
    {
        string picture = Path.Combine(root, "images", name + ".jpg");
        if (!File.Exists(picture) && File.Exists(Path.ChangeExtension(picture, ".png")))
            picture = Path.ChangeExtension(picture, ".png");
        if (!mask)
            return new ImageSample(picture, () => ImageList.Load(picture, list, options), breed);
        string trimap = Path.Combine(root, "annotations", "trimaps", name + ".png");
        return new ImageSample(picture, () => ImageList.Load(picture, list, options), breed, trimap, () => ReadTrimap(trimap));
    }

    private static Image ReadTrimap(string path)
    {
        if (!File.Exists(path))
            throw new FileFormatException(path, "a picture in the list has a trimap of its name; there is none; add it or take the picture out of the list");
        Image stored = ImageFile.LoadMask(path);
        byte[] classes = new byte[stored.Pixels.Length];
        for (int i = 0; i < classes.Length; i++)
        {
            int value = stored.Pixels[i];
            if (value is < 1 or > 3)
                throw new FileFormatException(path, $"a trimap holds 1 (pet), 2 (background) and 3 (border); got {value} in row {i / stored.Width}, column {i % stored.Width}; write the mask anew");
            classes[i] = (byte)(value - 1);
        }
        return new Image(stored.Height, stored.Width, 1, classes);
    }
}
