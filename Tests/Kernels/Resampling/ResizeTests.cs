using NativeFree.Kernels;

namespace NativeFree.Tests;

/// <summary>
/// Resizing against naive twins at sizes around the vector steps (24 lanes across, 32 bytes down), and the rules that no golden file
/// covers.
/// </summary>
public sealed class ResizeTests
{
    public static TheoryData<int, int, int, int, int> Shapes => new()
    {
        { 1, 1, 1, 5, 3 }, { 7, 5, 3, 1, 1 }, { 5, 7, 4, 11, 2 }, { 3, 23, 1, 2, 25 }, { 31, 8, 3, 7, 9 },
        { 2, 11, 3, 13, 11 }, { 13, 3, 1, 13, 31 }, { 67, 33, 3, 6, 32 }, { 9, 97, 4, 10, 8 }, { 1, 32, 1, 3, 33 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Pillow_filters_equal_the_naive_twin(int height, int width, int channels, int toHeight, int toWidth)
    {
        Image image = Noise(height, width, channels, seed: (height * 1000) + width);
        if (channels == 4)
        {
            for (int i = 3; i < image.Pixels.Length; i += 4)
            {
                image.Pixels[i] = 255; // opaque, where the detour over alpha changes nothing
            }
        }

        foreach (ResizeFilter filter in new[] { ResizeFilter.Bilinear, ResizeFilter.Bicubic, ResizeFilter.Lanczos })
        {
            Image across = NaiveAcross(image, toWidth, filter);
            Image expected = Transpose(NaiveAcross(Transpose(across), toHeight, filter));
            Assert.Equal(expected.Pixels, ImageResize.Resize(image, toHeight, toWidth, filter).Pixels);
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_float_bilinear_is_within_its_float_noise_of_the_exact_value(int height, int width, int channels, int toHeight, int toWidth)
    {
        Image image = Noise(height, width, channels, seed: height + width);
        float[] actual = ImageResize.BilinearHalfPixel(image, toHeight, toWidth);
        for (int i = 0; i < actual.Length; i++)
        {
            int y = i / channels / toWidth, x = i / channels % toWidth, c = i % channels;
            (int top, int bottom, double down) = Neighbours(y, height, toHeight);
            (int left, int right, double across) = Neighbours(x, width, toWidth);
            double expected = ((1 - down) * ((1 - across) * At(top, left) + across * At(top, right))) + (down * ((1 - across) * At(bottom, left) + across * At(bottom, right)));
            Assert.False(!(Math.Abs(expected - actual[i]) <= 1e-3), $"[{y},{x},{c}]: expected {expected}, got {actual[i]}"); // 255 · position error (97 · 2⁻²⁴ · a few)
            double At(int row, int column) => image.Pixels[(((row * width) + column) * channels) + c];
        }

        static (int Low, int High, double Fraction) Neighbours(int i, int input, int output)
        {
            double position = Math.Clamp((((i + 0.5) * input) / output) - 0.5, 0, input - 1);
            int low = (int)position;
            return (low, Math.Min(low + 1, input - 1), position - low);
        }
    }

    /// <summary>
    /// 512 → 224 hits whole numbers, where Pillow's running sum and the closed form part: (i + ½)·16/7 at i = 3 is 8 exactly.
    /// </summary>
    [Fact]
    public void Nearest_follows_each_library_where_a_centre_falls_on_an_edge()
    {
        var ramp = new Image(1, 512, 1, [.. Enumerable.Range(0, 512).Select(i => (byte)(i / 2))]);
        Image fine = new(1, 512, 1, [.. Enumerable.Range(0, 512).Select(i => (byte)i)]);
        Image pillow = ImageResize.Resize(fine, 1, 224, ResizeFilter.Nearest), tensorFlow = ImageResize.NearestHalfPixel(fine, 1, 224);
        double at = 512.0 / 224 * 0.5;
        for (int i = 0; i < 224; i++, at += 512.0 / 224)
        {
            Assert.Equal((byte)(int)at, pillow.Pixels[i]);
            Assert.Equal((byte)(((2 * i) + 1) * 512 / 448), tensorFlow.Pixels[i]);
        }

        Assert.Equal(ramp.Pixels, ImageResize.Resize(ramp, 1, 512, ResizeFilter.Nearest).Pixels);
    }

    [Fact]
    public void A_transparent_pixel_lends_no_colour()
    {
        var image = new Image(1, 4, 4, [255, 0, 0, 0, 255, 0, 0, 0, 10, 20, 30, 255, 10, 20, 30, 255]);
        Image half = ImageResize.Resize(image, 1, 1, ResizeFilter.Bilinear);
        Assert.Equal([10, 20, 30], half.Pixels[..3].Select((v, c) => Math.Abs(v - new[] { 10, 20, 30 }[c]) <= 1 ? new[] { 10, 20, 30 }[c] : v));
        Assert.InRange(half.Pixels[3], 126, 129);
        Assert.Equal(image.Pixels, ImageResize.Resize(image, 1, 4, ResizeFilter.Lanczos).Pixels);
    }

    [Fact]
    public void The_input_is_left_alone_and_a_second_run_is_identical()
    {
        Image image = Noise(19, 29, 4, seed: 1);
        byte[] before = [.. image.Pixels];
        Image first = ImageResize.Resize(image, 7, 31, ResizeFilter.Bicubic);
        Assert.Equal(first.Pixels, ImageResize.Resize(image, 7, 31, ResizeFilter.Bicubic).Pixels);
        Assert.Equal(before, image.Pixels);
    }

    [Fact]
    public void Impossible_sizes_and_filters_are_refused()
    {
        Image image = Noise(3, 2, 3, seed: 2);
        Assert.Contains("got 0×5×3", Assert.Throws<ShapeException>(() => ImageResize.Resize(image, 0, 5, ResizeFilter.Bicubic)).Message, StringComparison.Ordinal);
        Assert.Contains("got 65536×65536×3", Assert.Throws<ShapeException>(() => ImageResize.BilinearHalfPixel(image, 65536, 65536)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ImageResize.Resize(image, 4, 5, (ResizeFilter)9));
    }

    internal static Image Noise(int height, int width, int channels, int seed)
    {
        byte[] pixels = new byte[height * width * channels];
        new Random(seed).NextBytes(pixels);
        return new Image(height, width, channels, pixels);
    }

    /// <summary>The definition: normalised weights in double, rounded to 22 bits, one sum a byte.</summary>
    private static Image NaiveAcross(Image image, int width, ResizeFilter filter)
    {
        if (width == image.Width)
        {
            return image;
        }

        double scale = (double)image.Width / width, wide = Math.Max(scale, 1), support = wide * (filter == ResizeFilter.Bilinear ? 1 : filter == ResizeFilter.Bicubic ? 2 : 3);
        byte[] pixels = new byte[image.Height * width * image.Channels];
        for (int i = 0; i < pixels.Length; i++)
        {
            int y = i / image.Channels / width, x = i / image.Channels % width, c = i % image.Channels;
            double center = (x + 0.5) * scale;
            int from = Math.Max((int)(center - support + 0.5), 0), to = Math.Min((int)(center + support + 0.5), image.Width);
            double[] weights = [.. Enumerable.Range(from, to - from).Select(k => Kernel((k - center + 0.5) / wide))];
            double sum = weights.Sum();
            long total = 1 << 21;
            for (int k = from; k < to; k++)
            {
                total += image.Pixels[(((y * image.Width) + k) * image.Channels) + c] * (long)Math.Round(weights[k - from] / sum * (1 << 22), MidpointRounding.AwayFromZero);
            }

            pixels[i] = (byte)Math.Clamp(total >> 22, 0, 255);
        }

        return new Image(image.Height, width, image.Channels, pixels);

        double Kernel(double t)
        {
            t = Math.Abs(t);
            return filter switch
            {
                ResizeFilter.Bilinear => Math.Max(1 - t, 0),
                ResizeFilter.Bicubic => t < 1 ? (1.5 * t * t * t) - (2.5 * t * t) + 1 : t < 2 ? (-0.5 * t * t * t) + (2.5 * t * t) - (4 * t) + 2 : 0,
                _ => t == 0 ? 1 : t < 3 ? 3 * Math.Sin(Math.PI * t) * Math.Sin(Math.PI * t / 3) / (Math.PI * Math.PI * t * t) : 0,
            };
        }
    }

    private static Image Transpose(Image image)
    {
        byte[] pixels = new byte[image.Pixels.Length];
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                image.Row(y).Slice(x * image.Channels, image.Channels).CopyTo(pixels.AsSpan(((x * image.Height) + y) * image.Channels));
            }
        }

        return new Image(image.Width, image.Height, image.Channels, pixels);
    }
}
