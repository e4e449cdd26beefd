namespace NativeFree.Kernels;

public static partial class ImageResize
{
    /// <summary>
    /// TensorFlow's nearest with half-pixel centres: output i is input min(⌊(i + ½)·s⌋, n − 1) with s = n/out, all in float32.
    /// Differs from <see cref="ResizeFilter.Nearest"/> where a centre falls on an edge between two pixels.
    /// </summary>
    /// <param name="image">uint8 [H, W, C].</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <param name="width">Columns of the result, at least 1.</param>
    /// <returns>uint8 [height, width, C].</returns>
    /// <exception cref="ShapeException">A side is below 1 or the result does not fit an array.</exception>
    public static Image NearestHalfPixel(Image image, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image.RequireShape(height, width, image.Channels);
        return Gather(image, HalfPixelIndices(image.Height, height), HalfPixelIndices(image.Width, width));
    }

    private static int[] HalfPixelIndices(int input, int output)
    {
        var indices = new int[output];
        float scale = input / (float)output;
        for (int i = 0; i < output; i++)
        {
            indices[i] = Math.Min((int)MathF.Floor((i + 0.5f) * scale), input - 1);
        }

        return indices;
    }

    /// <summary>
    /// Pillow's way to the same indices: v starts at s/2 and grows by s = n/out in double precision; ⌊(i + ½)·s⌋ differs where that is a
    /// whole number (512 → 224).
    /// </summary>
    private static int[] AccumulatedIndices(int input, int output)
    {
        var indices = new int[output];
        double scale = (double)input / output, at = scale * 0.5;
        for (int i = 0; i < output; i++, at += scale)
        {
            indices[i] = Math.Min((int)at, input - 1);
        }

        return indices;
    }

    private static Image Gather(Image image, int[] rows, int[] columns)
    {
        int channels = image.Channels, length = columns.Length * channels;
        var pixels = new byte[rows.Length * length];
        for (int y = 0; y < rows.Length; y++)
        {
            ReadOnlySpan<byte> from = image.Row(rows[y]);
            Span<byte> to = pixels.AsSpan(y * length, length);
            for (int x = 0; x < columns.Length; x++)
            {
                int at = columns[x] * channels;
                for (int c = 0; c < channels; c++)
                {
                    to[(x * channels) + c] = from[at + c];
                }
            }
        }

        return new Image(rows.Length, columns.Length, channels, pixels);
    }
}
