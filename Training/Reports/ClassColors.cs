using NativeFree.Kernels;

namespace NativeFree.Training;

/// <summary>Colours of classes, the same in masks, overlays and reports: first those of Okabe and Ito (Color Universal Design, 2008), which people of any colour vision can tell apart, then turns of the colour circle by the golden angle.</summary>
public static class ClassColors
{
    private static readonly (byte R, byte G, byte B)[] Distinct = [(213, 94, 0), (0, 114, 178), (240, 228, 66), (0, 158, 115), (204, 121, 167), (86, 180, 233), (230, 159, 0)];

    /// <summary>Red, green and blue of a class.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    public static (byte R, byte G, byte B) Of(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        if (index < Distinct.Length)
            return Distinct[index];
        double hue = index * 137.50776405 % 360 / 60;
        int level = 90 + (index % 3 * 60);
        byte Channel(double offset) => (byte)Math.Clamp(level + (110 * (Math.Abs(((hue + offset) % 6) - 3) - 1.5)), 0, 255);
        return (Channel(0), Channel(4), Channel(2));
    }

    /// <summary>Three bytes R, G, B for each of so many classes, as PNG palettes are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not 1 to 256 classes.</exception>
    public static byte[] Palette(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 256);
        byte[] palette = new byte[3 * classes];
        for (int i = 0; i < classes; i++)
            (palette[3 * i], palette[(3 * i) + 1], palette[(3 * i) + 2]) = Of(i);
        return palette;
    }

    /// <summary>The photo with each pixel half its own colour and half its class's; 255 in the mask leaves the photo as it is.</summary>
    /// <param name="photo">Any channels.</param>
    /// <param name="mask">One channel of classes, any size: resized to the photo's by the pixel under each centre.</param>
    /// <returns>uint8 [H, W, 3] of the photo's size.</returns>
    /// <exception cref="ShapeException">The mask has more than one channel.</exception>
    public static Image Overlay(Image photo, Image mask)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.Channels != 1)
            throw new ShapeException($"ClassColors.Overlay: a mask has one channel; got {mask}.");
        Image rgb = photo.ToRgb(), classes = ImageResize.NearestHalfPixel(mask, photo.Height, photo.Width);
        byte[] pixels = new byte[rgb.Pixels.Length];
        for (int i = 0, at = 0; i < classes.Pixels.Length; i++, at += 3)
        {
            int index = classes.Pixels[i];
            (int r, int g, int b) = index == byte.MaxValue ? (rgb.Pixels[at], rgb.Pixels[at + 1], rgb.Pixels[at + 2]) : Of(index);
            (pixels[at], pixels[at + 1], pixels[at + 2]) = ((byte)((rgb.Pixels[at] + r) / 2), (byte)((rgb.Pixels[at + 1] + g) / 2), (byte)((rgb.Pixels[at + 2] + b) / 2));
        }
        return new Image(rgb.Height, rgb.Width, 3, pixels);
    }
}
