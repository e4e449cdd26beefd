using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Cli;

/// <summary>The class of each pixel of one photo, and the files that say so.</summary>
internal sealed class SegmentedPhoto
{
    private const double Opacity = 0.5;

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
    /// <exception cref="InputException">There are more classes than a PNG has indices.</exception>
    public static SegmentedPhoto Of(string input, Image photo, Tensor probabilities)
    {
        int classes = probabilities.Shape[3];
        if (classes > 256)
            throw new InputException($"{input}: a mask has at most 256 classes; the network has {classes}; use --layers of extract");
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

    public void Write(string folder, string name, Image photo, Tensor? probabilities, IReadOnlyList<string> names)
    {
        byte[] palette = Palette(classes);
        Mask = Path.Combine(folder, name + ".png");
        ImageFile.SavePng(Mask, new Image(photo.Height, photo.Width, 1, indices), palette);
        Overlay = Path.Combine(folder, name + "_overlay.png");
        ImageFile.SavePng(Overlay, Blend(photo, palette));
        if (probabilities is null)
            return;
        Probabilities = Path.Combine(folder, name + ".npz");
        NpzWriter.Write(Probabilities, [NamedArray.Of<float>("probabilities", [classes, photo.Height, photo.Width], probabilities.ToNchw()), NamedArray.Texts("classes", [names.Count], names)]);
    }

    /// <summary>Colours that differ: hues a golden angle apart, in three brightnesses.</summary>
    internal static byte[] Palette(int classes)
    {
        byte[] palette = new byte[3 * classes];
        for (int i = 0; i < classes; i++)
        {
            double hue = i * 0.6180339887498949 % 1 * 6, value = 1 - (0.25 * (i / 8 % 3));
            for (int c = 0; c < 3; c++)
            {
                // The hexagon of hue, saturation, value, with saturation 0.8.
                double k = (5 - (2 * c) + hue) % 6;
                palette[(3 * i) + c] = (byte)Math.Round(255 * value * (1 - (0.8 * Math.Clamp(Math.Min(k, 4 - k), 0, 1))));
            }
        }
        return palette;
    }

    private Image Blend(Image photo, byte[] palette)
    {
        byte[] source = photo.ToRgb().Pixels, pixels = new byte[source.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Round((Opacity * palette[(3 * indices[i / 3]) + (i % 3)]) + ((1 - Opacity) * source[i]));
        return new Image(photo.Height, photo.Width, 3, pixels);
    }
}
