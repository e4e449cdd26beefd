using System.Buffers.Binary;

namespace NativeFree.Loaders.Images;

/// <summary>
/// IHDR: size, depth, colour type, interlace; checked against the specification's table of allowed combinations (11.2.2).
/// </summary>
internal readonly record struct PngHeader(int Width, int Height, int Depth, PngColor Color, bool Interlaced)
{
    /// <summary>
    /// libpng's limit. It bounds the work per row: a million rows of one pixel are a moment, two thousand million are not.
    /// </summary>
    private const int MaxSide = 1_000_000;

    /// <summary>Samples of a pixel as stored.</summary>
    internal int Channels => Color switch { PngColor.Rgb => 3, PngColor.GreyAlpha => 2, PngColor.Rgba => 4, _ => 1 };

    /// <summary>Bytes from a byte to its left neighbour for the filters, at least 1.</summary>
    internal int FilterStep => Math.Max(Channels * Depth / 8, 1);

    /// <summary>Bytes of a filtered row of <paramref name="width"/> pixels, without the filter type.</summary>
    internal long RowBytes(int width) => (((long)width * Channels * Depth) + 7) / 8;

    /// <summary>Reads the 13 bytes at <paramref name="offset"/> of the file.</summary>
    internal static PngHeader Parse(ReadOnlySpan<byte> data, string file, long offset, long maxPixels)
    {
        if (data.Length != 13)
        {
            throw new FileFormatException(file, $"IHDR must have 13 bytes; got {data.Length}", offset);
        }

        uint width = BinaryPrimitives.ReadUInt32BigEndian(data), height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
        int depth = data[8];
        var color = (PngColor)data[9];
        if (width is 0 or > MaxSide || height is 0 or > MaxSide)
        {
            throw new FileFormatException(file, $"a PNG's sides must be 1..{MaxSide}; got {width}×{height}", offset);
        }

        bool known = color switch
        {
            PngColor.Grey => depth is 1 or 2 or 4 or 8 or 16,
            PngColor.Palette => depth is 1 or 2 or 4 or 8,
            PngColor.Rgb or PngColor.GreyAlpha or PngColor.Rgba => depth is 8 or 16,
            _ => false,
        };
        if (!known)
        {
            throw new FileFormatException(file, $"PNG knows no colour type {data[9]} with {depth} bits", offset + 8);
        }

        if (data[10] != 0 || data[11] != 0 || data[12] > 1)
        {
            throw new FileFormatException(
                file, $"PNG's compression, filter and interlace methods are 0, 0 and 0 or 1; got {data[10]}, {data[11]}, {data[12]}", offset + 10);
        }

        if ((long)width * height > maxPixels)
        {
            throw new FileFormatException(
                file, $"an image may have {maxPixels} pixels; got {width}×{height}; raise ImageOptions.MaxPixels", offset);
        }

        return new PngHeader((int)width, (int)height, depth, color, data[12] == 1);
    }
}

/// <summary>The colour types of PNG, with the specification's numbers.</summary>
internal enum PngColor
{
    Grey = 0,
    Rgb = 2,
    Palette = 3,
    GreyAlpha = 4,
    Rgba = 6,
}
