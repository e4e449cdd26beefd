namespace NativeFree.Kernels;

/// <summary>
/// An 8-bit picture: rows top-down, pixels left to right, channels interleaved, so pixel (row y, column x, channel c) is
/// <c>Pixels[(y·Width + x)·Channels + c]</c>, 0..255. What decoders give, what resizing and warping take, what a model's <c>Prepare</c>
/// reads.
/// Treated as immutable: every operation returns another image, and whoever hands over an array must not write to it afterwards.
/// </summary>
public sealed class Image
{
    /// <summary>Wraps <paramref name="pixels"/> without copying.</summary>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="channels">1 grey, 3 RGB, 4 RGBA (alpha not premultiplied).</param>
    /// <param name="pixels">[height, width, channels] in one array of exactly that many bytes.</param>
    /// <exception cref="ShapeException">A side is below 1, channels is not 1, 3 or 4, or the array's length is not
    /// height·width·channels.</exception>
    public Image(int height, int width, int channels, byte[] pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        RequireShape(height, width, channels);
        if (pixels.Length != (long)height * width * channels)
        {
            throw new ShapeException(
                $"Image: needs height·width·channels bytes; got {pixels.Length} for {height}×{width}×{channels}; pass {(long)height * width * channels}");
        }

        (Height, Width, Channels, Pixels) = (height, width, channels, pixels);
    }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>1 grey, 3 RGB, 4 RGBA.</summary>
    public int Channels { get; }

    /// <summary>uint8 [Height, Width, Channels]; the image's own array, to be read only.</summary>
    public byte[] Pixels { get; }

    /// <summary>Row <paramref name="y"/> as Width·Channels bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">y is outside 0..Height−1.</exception>
    public ReadOnlySpan<byte> Row(int y) => Pixels.AsSpan(y * Width * Channels, Width * Channels);

    /// <summary>
    /// The rectangle of <paramref name="height"/> rows and <paramref name="width"/> columns whose first pixel is (<paramref name="top"/>,
    /// <paramref name="left"/>).
    /// </summary>
    /// <exception cref="ShapeException">The rectangle is empty or leaves the image.</exception>
    public Image Crop(int top, int left, int height, int width)
    {
        if (top < 0 || left < 0 || height < 1 || width < 1 || height > Height - top || width > Width - left)
        {
            throw new ShapeException(
                $"Image.Crop: the rectangle must be non-empty and inside the image; got rows {top}+{height}, columns {left}+{width} of {Height}×{Width}");
        }

        var pixels = new byte[height * width * Channels];
        for (int y = 0; y < height; y++)
        {
            Row(top + y).Slice(left * Channels, width * Channels).CopyTo(pixels.AsSpan(y * width * Channels));
        }

        return new Image(height, width, Channels, pixels);
    }

    /// <summary>Mirrored left to right: (y, x) of the result is (y, Width−1−x) of this image.</summary>
    public Image FlipHorizontal()
    {
        var pixels = new byte[Pixels.Length];
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<byte> from = Row(y);
            Span<byte> to = pixels.AsSpan(y * from.Length, from.Length);
            for (int x = 0; x < from.Length; x += Channels)
            {
                from.Slice(x, Channels).CopyTo(to[(from.Length - Channels - x)..]);
            }
        }

        return new Image(Height, Width, Channels, pixels);
    }

    /// <summary>
    /// Three channels, as Pillow's <c>convert('RGB')</c>: grey is repeated, alpha is dropped (not blended onto a background). An RGB image
    /// is returned as it is.
    /// </summary>
    public Image ToRgb()
    {
        if (Channels == 3)
        {
            return this;
        }

        RequireShape(Height, Width, 3);
        var pixels = new byte[Height * Width * 3];
        int second = Channels == 1 ? 0 : 1, third = Channels == 1 ? 0 : 2;
        for (int to = 0, from = 0; to < pixels.Length; to += 3, from += Channels)
        {
            pixels[to] = Pixels[from];
            pixels[to + 1] = Pixels[from + second];
            pixels[to + 2] = Pixels[from + third];
        }

        return new Image(Height, Width, 3, pixels);
    }

    /// <summary>Height×width×channels, for messages.</summary>
    public override string ToString() => $"{Height}×{Width}×{Channels}";

    /// <summary>Checked before any array is made, so that a size that no array can hold is named as such.</summary>
    internal static void RequireShape(int height, int width, int channels)
    {
        if (height < 1 || width < 1 || channels is not (1 or 3 or 4) || (long)height * width > Array.MaxLength / channels)
        {
            throw new ShapeException(
                $"Image: needs at least one row and column, 1, 3 or 4 channels, and at most {Array.MaxLength} bytes; got {height}×{width}×{channels}");
        }
    }
}
