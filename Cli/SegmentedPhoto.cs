using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Training;

namespace NativeFree.Cli;

/// <summary>The class of each pixel of one photo, and the files that say so.</summary>
internal sealed class SegmentedPhoto
{
    private readonly byte[] indices;
    private readonly int classes;

    private SegmentedPhoto(string input, byte[] indices, int classes) => (Input, this.indices, this.classes) = (input, indices, classes);

    public string Input { get; }

    public string Mask { get; private set; } = "";

    public string Overlay { get; private set; } = "";

    public string? Probabilities { get; private set; }

    /// <summary>The most probable class of each pixel, the first of equal ones.</summary>
    /// <param name="input">Name of the photo.</param>
    /// <param name="photo">The photo.</param>
    /// <param name="probabilities">float32 [1, rows, columns, classes] at the photo's size.</param>
    /// <exception cref="InputException">There are more than 255 classes: a mask has one byte a pixel, and 255 stands for none.</exception>
    public static SegmentedPhoto Of(string input, Image photo, Tensor probabilities)
    {
        int classes = probabilities.Shape[3];
        if (classes > byte.MaxValue)
            throw new InputException($"{input}: a mask has at most 255 classes; the network has {classes}; use --layers of extract");
        int[] best = new int[photo.Height * photo.Width];
        probabilities.Device.Reductions.ArgMax(probabilities, best);
        return new SegmentedPhoto(input, [.. best.Select(index => (byte)index)], classes);
    }

    /// <summary>The part of the photo that each class takes, in the order of the classes.</summary>
    public IReadOnlyList<(int Index, double Part)> Parts()
    {
        int[] counts = new int[classes];
        foreach (byte index in indices)
            counts[index]++;
        return [.. counts.Select((count, index) => (index, (double)count / indices.Length))];
    }

    /// <summary>What <see cref="Write"/> may write: the mask, the overlay, the probabilities.</summary>
    public static (string Mask, string Overlay, string Probabilities) Files(string folder, string name) =>
        (Path.Combine(folder, name + ".png"), Path.Combine(folder, name + "_overlay.png"), Path.Combine(folder, name + ".npz"));

    public void Write(string folder, string name, Image photo, Tensor? probabilities, IReadOnlyList<string> names)
    {
        var mask = new Image(photo.Height, photo.Width, 1, indices);
        (Mask, Overlay, string stored) = Files(folder, name);
        ImageFile.SavePng(Mask, mask, ClassColors.Palette(classes));
        ImageFile.SavePng(Overlay, ClassColors.Overlay(photo, mask));
        if (probabilities is null)
            return;
        Probabilities = stored;
        NpzWriter.Write(Probabilities, [NamedArray.Of<float>("probabilities", [classes, photo.Height, photo.Width], probabilities.ToNchw()), NamedArray.Texts("classes", [names.Count], names)]);
    }
}
