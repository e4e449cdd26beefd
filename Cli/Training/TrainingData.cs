using System.Globalization;
using NativeFree.Loaders;

namespace NativeFree.Cli;

/// <summary>The pictures of <c>--data</c>: what they are learned from and what they are validated with. The layout follows from what lies there.</summary>
/// <param name="Training">To learn from.</param>
/// <param name="Validation">To validate with, or null.</param>
/// <param name="LeftOut">Entries that are known to be no use, with the reason.</param>
internal sealed record TrainingData(ImageList Training, ImageList? Validation, IReadOnlyList<string> LeftOut)
{
    /// <summary>Pictures with classes: a CSV list; the Pet set's breeds; Fashion-MNIST's files; folders <c>train</c> and <c>val</c> of class folders; class folders.</summary>
    /// <exception cref="InputException">There is nothing at the path, or too little to hold a part of it out.</exception>
    /// <exception cref="FileFormatException">What lies there is not whole.</exception>
    public static TrainingData Classes(string path, double heldOut, int seed)
    {
        if (File.Exists(path))
            return Divided(ImageList.FromCsv(path), heldOut, seed);
        RequireFolder(path);
        if (IsPetSet(path))
            return Divided(OxfordPet.Breeds(path, "trainval"), heldOut, seed);
        if (Directory.EnumerateFiles(path, "train-images-idx3-ubyte*").Any())
            return new TrainingData(FashionMnist.Images(path, train: true), FashionMnist.Images(path, train: false), []);
        string training = Path.Combine(path, "train"), validation = Path.Combine(path, "val");
        if (!Directory.Exists(training) || !Directory.Exists(validation))
            return Divided(ImageList.FromFolders(path), heldOut, seed);
        ImageList learned = ImageList.FromFolders(training);
        return new TrainingData(learned, ImageList.FromFolders(validation, learned.Classes), []);
    }

    /// <summary>Pictures with masks, in the layout of the Pet set.</summary>
    /// <exception cref="InputException">There is no such set at the path, or too little to hold a part of it out.</exception>
    /// <exception cref="FileFormatException">A list is not whole.</exception>
    public static TrainingData Masks(string path, double heldOut, int seed)
    {
        RequireFolder(path);
        if (!IsPetSet(path))
            throw new InputException($"{path}: segmentation is learned from the layout of Oxford-IIIT Pet (images/, annotations/trimaps/, annotations/trainval.txt); there is no annotations/trainval.txt");
        return Divided(OxfordPet.Segmentation(path, "trainval"), heldOut, seed);
    }

    private static bool IsPetSet(string path) => File.Exists(Path.Combine(path, "annotations", "trainval.txt"));

    private static void RequireFolder(string path)
    {
        if (!Directory.Exists(path))
            throw new InputException($"{path}: --data names a folder or a CSV list; there is nothing at that path");
    }

    private static TrainingData Divided(ImageList all, double heldOut, int seed)
    {
        if (heldOut == 0)
            return new TrainingData(all, null, all.LeftOut);
        if (Math.Round(heldOut * all.Count) is var held && (held == 0 || held == all.Count))
        {
            throw new InputException(string.Create(
                CultureInfo.InvariantCulture, $"{all.Source}: both parts of the data have a picture; --validation {heldOut} of {all.Count} holds {held} out; give another share, or 0 to validate with none"));
        }
        (ImageList kept, ImageList checks) = all.Split(heldOut, seed);
        return new TrainingData(kept, checks, all.LeftOut);
    }
}
