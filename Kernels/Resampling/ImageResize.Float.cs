namespace NativeFree.Kernels;

public static partial class ImageResize
{
    /// <summary>
    /// Bilinear with half-pixel centres and no antialiasing, unrounded: what TensorFlow's <c>Resizing(…, 'bilinear')</c> and PyTorch's
    /// <c>interpolate(align_corners=False)</c> give.
    /// Position p(i) = (i + ½)·n/out − ½ lies between a = max(⌊p⌋, 0) and b = min(⌈p⌉, n − 1); the result is x[a] + (x[b] − x[a])·(p −
    /// ⌊p⌋), across first, then down,
    /// all in float32. Within 1.4e-3 of the exact value for coordinates up to 500 (float32 positions), range 0..255.
    /// </summary>
    /// <param name="image">uint8 [H, W, C].</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <param name="width">Columns of the result, at least 1.</param>
    /// <returns>float32 [height, width, C], 0..255.</returns>
    /// <exception cref="ShapeException">A side is below 1 or the result does not fit an array.</exception>
    public static float[] BilinearHalfPixel(Image image, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image.RequireShape(height, width, image.Channels);
        int channels = image.Channels;
        var result = new float[height * width * channels];
        Tap[] columns = HalfPixelTaps(image.Width, width, channels);
        Tap[] rows = HalfPixelTaps(image.Height, height, 1);
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> upper = image.Row(rows[y].Low), lower = image.Row(rows[y].High);
            float down = rows[y].Fraction;
            Span<float> to = result.AsSpan(y * width * channels, width * channels);
            for (int x = 0, i = 0; x < width; x++)
            {
                (int low, int high, float across) = columns[x];
                for (int c = 0; c < channels; c++, i++)
                {
                    float top = upper[low + c] + ((upper[high + c] - upper[low + c]) * across);
                    float bottom = lower[low + c] + ((lower[high + c] - lower[low + c]) * across);
                    to[i] = top + ((bottom - top) * down);
                }
            }
        }

        return result;
    }

    private static Tap[] HalfPixelTaps(int input, int output, int stride)
    {
        var taps = new Tap[output];
        float scale = input / (float)output;
        for (int i = 0; i < output; i++)
        {
            float position = ((i + 0.5f) * scale) - 0.5f, floor = MathF.Floor(position);
            int low = Math.Clamp((int)floor, 0, input - 1), high = Math.Min((int)MathF.Ceiling(position), input - 1);
            taps[i] = new Tap(low * stride, high * stride, position - floor);
        }

        return taps;
    }

    /// <summary>Two neighbours, as offsets into a row, and the weight of the second.</summary>
    private readonly record struct Tap(int Low, int High, float Fraction);
}
