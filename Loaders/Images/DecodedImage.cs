using NativeFree.Kernels;

namespace NativeFree.Loaders;

/// <summary>
/// Everything an image file holds that a caller may want: the picture as stored, and the samples behind it where they say more than 8-bit
/// RGB can.
/// </summary>
public sealed class DecodedImage
{
    internal DecodedImage(string format, int bits, Image picture) => (Format, Bits, Picture) = (format, bits, picture);

    /// <summary><c>jpeg</c> or <c>png</c>: what the content is, whatever the file is called.</summary>
    public string Format { get; }

    /// <summary>Bits of a stored sample: 8 for JPEG; 1, 2, 4, 8 or 16 for PNG.</summary>
    public int Bits { get; }

    /// <summary>
    /// The picture as stored, 8 bits a sample: grey (1 channel), RGB (3) or RGBA (4, not premultiplied). Grey of 1, 2, 4 bits is spread
    /// evenly over 0..255, of 16 bits the high byte is taken,
    /// a palette is looked up, grey with transparency becomes RGBA, CMYK becomes RGB as in Pillow. No gamma, profile or orientation is
    /// applied.
    /// </summary>
    public Image Picture { get; }

    /// <summary>Rows.</summary>
    public int Height => Picture.Height;

    /// <summary>Columns.</summary>
    public int Width => Picture.Width;

    /// <summary>EXIF orientation, 1 (upright) to 8; 1 when the file has none or a value out of range.</summary>
    public int Orientation { get; internal init; } = 1;

    /// <summary>uint16 [Height, Width, channels of the file] for a 16-bit PNG, else null.</summary>
    public ushort[]? Samples16 { get; internal init; }

    /// <summary>uint8 [Height, Width, 4] for a CMYK or YCCK JPEG, 0 = no ink, else null.</summary>
    public byte[]? Cmyk { get; internal init; }

    /// <summary>
    /// One channel with the values as stored, for a PNG with a palette (the indices) or of grey up to 8 bits (not spread): what a
    /// segmentation mask means by its pixels. Else null.
    /// </summary>
    public Image? Indices { get; internal init; }

    /// <summary>What was wrong with a file that was read all the same, or null. See <see cref="ImageOptions.AcceptDamaged"/>.</summary>
    public string? Warning { get; internal init; }

    /// <summary>Three channels: grey repeated, alpha dropped.</summary>
    public Image ToRgb() => Picture.ToRgb();

    /// <summary>Four channels; where the file has no transparency, alpha is 255.</summary>
    public Image ToRgba()
    {
        if (Picture.Channels == 4)
        {
            return Picture;
        }

        byte[] rgb = Picture.ToRgb().Pixels, rgba = new byte[rgb.Length / 3 * 4];
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            (rgba[to], rgba[to + 1], rgba[to + 2], rgba[to + 3]) = (rgb[from], rgb[from + 1], rgb[from + 2], 255);
        }

        return new Image(Height, Width, 4, rgba);
    }
}
