using System.Buffers.Binary;
using NativeFree.Kernels;

namespace NativeFree.Loaders.Images;

/// <summary>The EXIF orientation: found in a TIFF block (tag 0x0112 of its first directory), and undone.</summary>
internal static class ImageOrientation
{
    private const int Tag = 0x0112;

    /// <summary>
    /// 1..8, or 1 where the block has no such entry, is cut short or holds another value: metadata never makes a picture unreadable.
    /// </summary>
    internal static int Read(ReadOnlySpan<byte> tiff)
    {
        if (tiff.Length < 8 || !(tiff.StartsWith("II*\0"u8) || tiff.StartsWith("MM\0*"u8)))
        {
            return 1;
        }

        bool little = tiff[0] == 'I';
        long at = UInt32(tiff[4..]);
        if (at > tiff.Length - 2)
        {
            return 1;
        }

        int entries = UInt16(tiff[(int)at..]);
        for (at += 2; entries > 0 && at <= tiff.Length - 12; entries--, at += 12)
        {
            ReadOnlySpan<byte> entry = tiff[(int)at..];
            if (UInt16(entry) == Tag)
            {
                // Type 3 is SHORT, in the first half of the value field; writers that used LONG (4) are understood too.
                long value = UInt16(entry[2..]) == 4 ? UInt32(entry[8..]) : UInt16(entry[8..]);
                return value is >= 1 and <= 8 ? (int)value : 1;
            }
        }

        return 1;

        int UInt16(ReadOnlySpan<byte> s) => little ? BinaryPrimitives.ReadUInt16LittleEndian(s) : BinaryPrimitives.ReadUInt16BigEndian(s);
        uint UInt32(ReadOnlySpan<byte> s) => little ? BinaryPrimitives.ReadUInt32LittleEndian(s) : BinaryPrimitives.ReadUInt32BigEndian(s);
    }

    /// <summary>
    /// The picture as its orientation means it. Orientation − 1 in bits: values from 5 on exchange rows and columns; then 2, 3, 6, 7 mirror
    /// left to right, and 3, 4, 7, 8 top to bottom.
    /// </summary>
    internal static Image Apply(Image image, int orientation)
    {
        if (orientation == 1)
        {
            return image;
        }

        bool transpose = orientation >= 5, mirror = orientation is 2 or 3 or 6 or 7, flip = orientation is 3 or 4 or 7 or 8;
        (int height, int width) = transpose ? (image.Width, image.Height) : (image.Height, image.Width);
        int channels = image.Channels;
        byte[] from = image.Pixels, to = new byte[from.Length];
        for (int y = 0, at = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int row = flip ? height - 1 - y : y, column = mirror ? width - 1 - x : x;
                int source = (transpose ? (column * image.Width) + row : (row * image.Width) + column) * channels;
                for (int c = 0; c < channels; c++)
                {
                    to[at++] = from[source + c];
                }
            }
        }

        return new Image(height, width, channels, to);
    }
}
