using NativeFree.Kernels;
using NativeFree.Loaders.Images;

namespace NativeFree.Loaders;

/// <summary>
/// Pictures in and out of files: JPEG (baseline, extended sequential, progressive; byte for byte what libjpeg-turbo decodes) and PNG (all
/// of it). The content decides which, never the name.
/// A file is untrusted: sizes are checked before memory is taken, work is bounded, and whatever it holds, only
/// <see cref="FileFormatException"/> comes out.
/// </summary>
public static partial class ImageFile
{
    /// <summary>Reads a picture as RGB: grey repeated, alpha dropped, palette looked up, CMYK converted.</summary>
    /// <exception cref="FileFormatException">The content is not a JPEG or PNG that can be read whole, or has more than
    /// <see cref="ImageOptions.MaxPixels"/> pixels.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static Image Load(string path, ImageOptions? options = null) => Upright(Decode(path, options), options);

    /// <summary>
    /// As <see cref="Load(string, ImageOptions?)"/>, from a stream's position to its end; <paramref name="name"/> stands in messages.
    /// </summary>
    /// <exception cref="FileFormatException">The content is not a JPEG or PNG that can be read whole, or has more than
    /// <see cref="ImageOptions.MaxPixels"/> pixels.</exception>
    public static Image Load(Stream stream, string name, ImageOptions? options = null) => Upright(Decode(stream, name, options), options);

    /// <summary>
    /// Reads a mask: one channel with a class per pixel, as stored. A PNG with a palette gives its indices, a grey PNG of up to 8 bits its
    /// values (not spread over 0..255).
    /// </summary>
    /// <exception cref="FileFormatException">As for <see cref="Load(string, ImageOptions?)"/>, and for every other kind of
    /// picture.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static Image LoadMask(string path, ImageOptions? options = null)
    {
        DecodedImage decoded = Decode(path, options);
        return decoded.Indices ?? throw new FileFormatException(
            path, $"a mask must be a PNG with a palette or up to 8 bits of grey; got a {decoded.Format} of {decoded.Picture.Channels} channels, {decoded.Bits} bits; save class indices as grey");
    }

    /// <summary>Reads a picture with everything the file says about it.</summary>
    /// <exception cref="FileFormatException">As for <see cref="Load(string, ImageOptions?)"/>.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static DecodedImage Decode(string path, ImageOptions? options = null)
    {
        using FileStream stream = File.OpenRead(path);
        return Decode(stream, path, options);
    }

    /// <summary>As <see cref="Decode(string, ImageOptions?)"/>, from a stream's position to its end.</summary>
    /// <exception cref="FileFormatException">As for <see cref="Load(string, ImageOptions?)"/>.</exception>
    public static DecodedImage Decode(Stream stream, string name, ImageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        byte[] start = new byte[ImageSignature.Length];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        ImageSignature.Require(start.AsSpan(0, read), name); // before a big file of another kind is read whole
        return Decode(ReadRest(stream, start.AsSpan(0, read), name), name, options);
    }

    /// <summary>As <see cref="Decode(string, ImageOptions?)"/>, from the bytes of a file.</summary>
    /// <exception cref="FileFormatException">As for <see cref="Load(string, ImageOptions?)"/>.</exception>
    public static DecodedImage Decode(ReadOnlyMemory<byte> file, string name, ImageOptions? options = null)
    {
        options ??= new ImageOptions();
        return ImageSignature.Require(file.Span, name) == ImageSignature.Kind.Jpeg
            ? JpegDecoder.Decode(file, name, options)
            : PngDecoder.Decode(file, name, options);
    }

    private static Image Upright(DecodedImage decoded, ImageOptions? options) =>
        options is { ApplyOrientation: true } ? ImageOrientation.Apply(decoded.ToRgb(), decoded.Orientation) : decoded.ToRgb();

    private static byte[] ReadRest(Stream stream, ReadOnlySpan<byte> start, string name)
    {
        if (stream.CanSeek)
        {
            long length = start.Length + (stream.Length - stream.Position);
            if (length > Array.MaxLength)
            {
                throw new FileFormatException(
                    name, $"an image file must be at most {Array.MaxLength} bytes; got {length}; scale it down first");
            }

            byte[] whole = new byte[length];
            start.CopyTo(whole);
            int got = stream.ReadAtLeast(whole.AsSpan(start.Length), whole.Length - start.Length, throwOnEndOfStream: false);
            return start.Length + got == whole.Length ? whole : whole[..(start.Length + got)];
        }

        using var memory = new MemoryStream();
        memory.Write(start);
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
