using NativeFree.Loaders;

namespace NativeFree.Cli.Patterns;

/// <summary>Writes drawn pictures in the layout of the Oxford-IIIT Pet set: <c>images/NAME_1.png</c>, <c>annotations/trimaps/NAME_1.png</c>, and lists of <c>NAME class species breed</c>. The class is the figure's texture.</summary>
internal static class PatternSet
{
    /// <summary>Names of the nine textures, in the order of their kinds.</summary>
    public static IReadOnlyList<string> TextureNames { get; } = [.. Texture.Figures.Select(name => name.ToLowerInvariant()), "clouds", "grain", "slope"];

    /// <summary>Writes pictures that one texture fills, a folder for each of the nine.</summary>
    public static void WriteTextures(string root, int count, int seed, int firstIndex, int height, int width)
    {
        foreach (string name in TextureNames)
            Directory.CreateDirectory(Path.Combine(root, name));
        Parallel.For(0, count, i =>
        {
            int kind = i % TextureNames.Count, number = firstIndex + i;
            ImageFile.SavePng(Path.Combine(root, TextureNames[kind], $"{number}.png"), PatternPicture.Swatch(seed, number, kind, height, width));
        });
    }

    /// <summary>Writes one list and its pictures; kinds take turns.</summary>
    /// <param name="root">The folder; made where it is missing.</param>
    /// <param name="list"><c>trainval</c> or <c>test</c>.</param>
    /// <param name="count">Number of pictures.</param>
    /// <param name="seed">Start of all that is random; with <paramref name="firstIndex"/> it fixes every picture.</param>
    /// <param name="firstIndex">Number of the first picture, so that two lists have different ones.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public static void Write(string root, string list, int count, int seed, int firstIndex, int height, int width)
    {
        string images = Path.Combine(root, "images"), trimaps = Path.Combine(root, "annotations", "trimaps");
        Directory.CreateDirectory(images);
        Directory.CreateDirectory(trimaps);
        string[] lines = new string[count];
        Parallel.For(0, count, i =>
        {
            int kind = i % Texture.Figures.Count, number = firstIndex + i;
            string name = $"{Texture.Figures[kind]}_{number}";
            (Kernels.Image image, Kernels.Image trimap) = PatternPicture.Draw(seed, number, kind, height, width);
            ImageFile.SavePng(Path.Combine(images, name + ".png"), image);
            ImageFile.SavePng(Path.Combine(trimaps, name + ".png"), trimap);
            lines[i] = $"{name} {kind + 1} {(char.IsUpper(name[0]) ? 1 : 2)} {kind + 1}";
        });
        File.WriteAllLines(Path.Combine(root, "annotations", list + ".txt"), ["# NAME class species breed: drawn figures, not animals", .. lines]);
    }
}
