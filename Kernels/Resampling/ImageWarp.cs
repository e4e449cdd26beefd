namespace NativeFree.Kernels;

/// <summary>
/// The geometry of augmentation: affine warps and resized crops of an image and, in step with it, of its mask. Images are interpolated,
/// masks never: between class 1 and class 3 there is
/// no class 2. Every function is determined by its arguments; what is random is chosen by the caller. The results are those of
/// albumentations on OpenCV within its own rounding.
/// </summary>
public static class ImageWarp
{
    /// <summary>
    /// The image seen through <paramref name="transform"/> (source to destination), same size: destination (x, y) is the bilinear mean of
    /// the four pixels around its source,
    /// rounded to nearest. Beyond an edge the picture is mirrored without repeating the edge (reflect_101: c b | a b c | b a).
    /// </summary>
    /// <param name="image">uint8 [H, W, C].</param>
    /// <param name="transform">Where source pixels go.</param>
    /// <returns>uint8 [H, W, C].</returns>
    /// <exception cref="ShapeException">The transform has no inverse.</exception>
    public static Image Affine(Image image, AffineTransform transform)
    {
        ArgumentNullException.ThrowIfNull(image);
        AffineTransform back = transform.Inverse();
        int channels = image.Channels;
        byte[] from = image.Pixels, to = new byte[from.Length];
        for (int y = 0, at = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                (double sourceX, double sourceY) = back.Apply(x, y);
                double left = Math.Floor(sourceX), top = Math.Floor(sourceY), across = sourceX - left, down = sourceY - top;
                int x0 = Reflect(left, image.Width) * channels, x1 = Reflect(left + 1, image.Width) * channels;
                int y0 = Reflect(top, image.Height) * image.Width * channels, y1 = Reflect(top + 1, image.Height) * image.Width * channels;
                for (int c = 0; c < channels; c++, at++)
                {
                    double above = from[y0 + x0 + c] + (across * (from[y0 + x1 + c] - from[y0 + x0 + c]));
                    double below = from[y1 + x0 + c] + (across * (from[y1 + x1 + c] - from[y1 + x0 + c]));
                    to[at] = (byte)(above + (down * (below - above)) + 0.5);
                }
            }
        }

        return new Image(image.Height, image.Width, channels, to);
    }

    /// <summary>
    /// As <see cref="Affine"/>, but each destination pixel takes the source pixel nearest to its source position (⌊position + ½⌋),
    /// unchanged.
    /// </summary>
    /// <param name="mask">uint8 [H, W, C], usually one channel of class indices.</param>
    /// <param name="transform">Where source pixels go.</param>
    /// <returns>uint8 [H, W, C].</returns>
    /// <exception cref="ShapeException">The transform has no inverse.</exception>
    public static Image AffineMask(Image mask, AffineTransform transform)
    {
        ArgumentNullException.ThrowIfNull(mask);
        AffineTransform back = transform.Inverse();
        int channels = mask.Channels;
        byte[] to = new byte[mask.Pixels.Length];
        for (int y = 0, at = 0; y < mask.Height; y++)
        {
            for (int x = 0; x < mask.Width; x++, at += channels)
            {
                (double sourceX, double sourceY) = back.Apply(x, y);
                int column = Reflect(Math.Floor(sourceX + 0.5), mask.Width), row = Reflect(Math.Floor(sourceY + 0.5), mask.Height);
                mask.Row(row).Slice(column * channels, channels).CopyTo(to.AsSpan(at));
            }
        }

        return new Image(mask.Height, mask.Width, channels, to);
    }

    /// <summary>
    /// The pixels of <paramref name="box"/> at <paramref name="height"/>×<paramref name="width"/>:
    /// <see cref="ImageResize.BilinearHalfPixel"/>, rounded to nearest (no antialiasing, as in
    /// albumentations' random resized crop).
    /// </summary>
    /// <exception cref="ShapeException">The box leaves the image or is empty, or a side of the result is below 1.</exception>
    public static Image ResizedCrop(Image image, CropBox box, int height, int width)
    {
        Image crop = Crop(image, box);
        float[] values = ImageResize.BilinearHalfPixel(crop, height, width);
        byte[] pixels = new byte[values.Length];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(values[i] + 0.5f);
        }

        return new Image(height, width, image.Channels, pixels);
    }

    /// <summary>
    /// As <see cref="ResizedCrop"/> for a mask: output i takes input ⌊i·in/out⌋ of the box, unchanged (OpenCV's nearest).
    /// </summary>
    /// <exception cref="ShapeException">The box leaves the mask or is empty, or a side of the result is below 1.</exception>
    public static Image ResizedCropMask(Image mask, CropBox box, int height, int width)
    {
        Image crop = Crop(mask, box);
        Image.RequireShape(height, width, mask.Channels);
        int channels = mask.Channels;
        byte[] pixels = new byte[height * width * channels];
        for (int y = 0, at = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = crop.Row((int)((long)y * box.Height / height));
            for (int x = 0; x < width; x++, at += channels)
            {
                row.Slice((int)((long)x * box.Width / width) * channels, channels).CopyTo(pixels.AsSpan(at));
            }
        }

        return new Image(height, width, channels, pixels);
    }

    private static Image Crop(Image image, CropBox box)
    {
        ArgumentNullException.ThrowIfNull(image);
        return image.Crop(box.Top, box.Left, box.Height, box.Width);
    }

    /// <summary>Position p mirrored into 0..n−1 with period 2(n − 1); exact for whole numbers of any size a double holds.</summary>
    private static int Reflect(double position, int length)
    {
        if (position >= 0 && position < length)
        {
            return (int)position;
        }

        int period = 2 * (length - 1);
        if (period == 0)
        {
            return 0;
        }

        int folded = (int)Math.IEEERemainder(position, period); // −period/2 .. period/2
        return Math.Abs(folded);
    }
}
