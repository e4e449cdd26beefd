using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>Small sets of pictures to train on.</summary>
internal static class TrainingPictures
{
    /// <summary>Two classes of pictures by their colour.</summary>
    public static string Folders(TemporaryFolder folder, int each)
    {
        string root = folder.File("pictures");
        foreach ((string name, int channel) in new[] { ("red", 0), ("blue", 2) })
        {
            Directory.CreateDirectory(Path.Combine(root, name));
            for (int i = 0; i < each; i++)
                ImageFile.SavePng(Path.Combine(root, name, $"{i}.png"), Picture(23, 31, (_, _) => true, channel, i));
        }
        return root;
    }

    /// <summary>Bright discs on a dark ground, with trimaps.</summary>
    public static string Pets(TemporaryFolder folder, int count)
    {
        string root = folder.File("pets"), images = Path.Combine(root, "images"), trimaps = Path.Combine(root, "annotations", "trimaps");
        Directory.CreateDirectory(images);
        Directory.CreateDirectory(trimaps);
        const int height = 41, width = 29;
        for (int i = 0; i < count; i++)
        {
            int Class(int y, int x) => Math.Sqrt(Math.Pow(y - 15 - i, 2) + Math.Pow(x - 14, 2)) is var r && r < 9 ? 1 : r > 11 ? 2 : 3;
            ImageFile.SavePng(Path.Combine(images, $"pet_{i}.png"), Picture(height, width, (y, x) => Class(y, x) == 1, i % 3, i));
            ImageFile.SavePng(Path.Combine(trimaps, $"pet_{i}.png"), new Image(height, width, 1, [.. Enumerable.Range(0, height * width).Select(p => (byte)Class(p / width, p % width))]));
        }
        File.WriteAllLines(Path.Combine(root, "annotations", "trainval.txt"), Enumerable.Range(0, count).Select(i => $"pet_{i} 1 1 1"));
        return root;
    }

    private static Image Picture(int height, int width, Func<int, int, bool> bright, int channel, int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[height * width * 3];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)(random.Next(60) + (i % 3 == channel && bright(i / 3 / width, i / 3 % width) ? 180 : 0));
        return new Image(height, width, 3, pixels);
    }
}
