using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using Picture = SixLabors.ImageSharp.Image;

namespace NativeFree.Loaders;

/// <summary>
/// Pictures through SixLabors.ImageSharp: formats that <see cref="ImageFile"/> refuses by name (WebP, GIF, BMP, TIFF, TGA, PBM, arithmetic
/// and 12-bit JPEG) become pictures that a model takes. Lossless ones come out as stored; ImageSharp's JPEG decoder is not libjpeg's, and
/// its pixels differ by some levels from those that published models saw in training, so JPEG files are better read by
/// <see cref="ImageFile"/>.
/// </summary>
public static class ImageSharpFile
{
    /// <summary>Reads a picture as RGB: grey repeated, alpha dropped, of an animation the first frame.</summary>
    /// <param name="path">The file; its content decides what it is.</param>
    /// <param name="options"><see cref="ImageOptions.MaxPixels"/> is checked against the header before anything is decoded;
    /// <see cref="ImageOptions.ApplyOrientation"/> follows EXIF.
    /// <see cref="ImageOptions.AcceptDamaged"/> is left to ImageSharp, which decides by format.</param>
    /// <exception cref="FileFormatException">ImageSharp knows no such format, finds the content damaged, or the picture has more pixels
    /// than allowed.</exception>
    /// <exception cref="IOException">The file cannot be opened or read.</exception>
    public static Kernels.Image Load(string path, ImageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        options ??= new ImageOptions();
        try
        {
            ImageInfo info = Picture.Identify(path);
            if ((long)info.Width * info.Height > options.MaxPixels)
                throw new FileFormatException(path, $"an image may have {options.MaxPixels} pixels; has {info.Width}×{info.Height}; " +
                    $"raise {nameof(ImageOptions)}.{nameof(ImageOptions.MaxPixels)}");
            using Image<Rgb24> picture = Picture.Load<Rgb24>(path);
            if (options.ApplyOrientation)
                picture.Mutate(static context => context.AutoOrient());
            return Of(picture);
        }
        catch (Exception fault)
            when (fault is not (FileFormatException or IOException or UnauthorizedAccessException or OutOfMemoryException))
        {
            throw new FileFormatException(path, $"must be a picture that ImageSharp decodes; {fault.Message.ReplaceLineEndings(" ")}",
                inner: fault);
        }
    }

    /// <summary>A picture of ImageSharp's as one of ours, copied: uint8 [height, width, 3].</summary>
    public static Kernels.Image Of(Image<Rgb24> picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        byte[] pixels = new byte[checked(picture.Height * picture.Width * 3)];
        picture.CopyPixelDataTo(pixels);
        return new Kernels.Image(picture.Height, picture.Width, 3, pixels);
    }
}
