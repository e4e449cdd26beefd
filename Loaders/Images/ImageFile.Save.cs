using NativeFree.Kernels;
using NativeFree.Loaders.Images;

namespace NativeFree.Loaders;

public static partial class ImageFile
{
    /// <summary>
    /// Writes a PNG of 8 bits a sample: grey, RGB or RGBA by the image's channels. The file appears whole or not at all; the same image
    /// gives the same bytes from run to run.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SavePng(string path, Image image) => AtomicFile.Write(path, stream => PngWriter.Write(stream, image, default));

    /// <summary>As <see cref="SavePng(string, Image)"/>, to a stream, which stays open.</summary>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void SavePng(Stream stream, Image image)
    {
        ArgumentNullException.ThrowIfNull(stream);
        PngWriter.Write(stream, image, default);
    }

    /// <summary>
    /// Writes a mask as a PNG of palette indices: <paramref name="indices"/> (one channel) come back from <see cref="LoadMask"/>, and every
    /// viewer shows them in
    /// the colours of <paramref name="palette"/>, three bytes R, G, B each.
    /// </summary>
    /// <exception cref="ShapeException">The image has more than one channel, the palette is not of 1 to 256 whole colours, or an index has
    /// no colour.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void SavePng(string path, Image indices, ReadOnlyMemory<byte> palette)
    {
        ArgumentNullException.ThrowIfNull(indices);
        if (indices.Channels != 1 || palette.Length is 0 or > 3 * 256 || palette.Length % 3 != 0)
        {
            throw new ShapeException(
                $"SavePng: a mask has one channel and 1 to 256 colours of 3 bytes; got {indices} and {palette.Length} bytes");
        }

        int largest = indices.Pixels.Max();
        if (largest >= palette.Length / 3)
        {
            throw new ShapeException(
                $"SavePng: every index needs a colour; got index {largest} of {palette.Length / 3}; lengthen the palette");
        }

        AtomicFile.Write(path, stream => PngWriter.Write(stream, indices, palette.Span));
    }
}
