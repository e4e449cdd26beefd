using System.Text;
using System.Text.Json;
using NativeFree.Kernels;

namespace NativeFree.Tests;

/// <summary>
/// formats/augment: rotations, flips and resized crops of an image and its mask, as albumentations on OpenCV gives them; and the
/// definition, written out in double precision.
/// </summary>
public sealed class ImageWarpTests
{
    private const string Folder = "formats/augment";

    public static TheoryData<string> Cases => [.. Goldens.Files(Folder, "*.npz")];

    [GoldenTheory(Folder)]
    [MemberData(nameof(Cases))]
    public void Follows_albumentations(string file)
    {
        Dictionary<string, ReferenceArray> arrays = ReferenceArray.LoadAll(Goldens.PathOf(file));
        Image image = Read(arrays["image"]), mask = Read(arrays["mask"]);
        JsonElement attributes = JsonDocument.Parse(Encoding.UTF32.GetString(arrays["case"].Data)).RootElement;
        switch (attributes.GetProperty("op").GetString())
        {
            case "horizontal_flip":
                Assert.Equal(arrays["image_out"].As<byte>(), image.FlipHorizontal().Pixels);
                Assert.Equal(arrays["mask_out"].As<byte>(), mask.FlipHorizontal().Pixels);
                break;
            case "rotate":
                AffineTransform turn = AffineTransform.Rotation(attributes.GetProperty("angle_degrees_counterclockwise").GetDouble(), image.Height, image.Width);
                double[] matrix = arrays["matrix"].As<double>();
                Assert.All([turn.XX, turn.XY, turn.X0, turn.YX, turn.YY, turn.Y0], (value, i) => Assert.Equal(matrix[i], value, 1e-12));
                AssertNear(arrays["image_out"], ImageWarp.Affine(image, turn), 0.001);
                Assert.InRange(Different(arrays["mask_out"], ImageWarp.AffineMask(mask, turn)), 0, 3); // exact ties
                break;
            case "random_resized_crop":
                int[] corners = [.. attributes.GetProperty("box_x0_y0_x1_y1").EnumerateArray().Select(value => value.GetInt32())];
                int[] size = [.. attributes.GetProperty("size_height_width").EnumerateArray().Select(value => value.GetInt32())];
                var box = new CropBox(corners[1], corners[0], corners[3] - corners[1], corners[2] - corners[0]);
                AssertNear(arrays["image_out"], ImageWarp.ResizedCrop(image, box, size[0], size[1]), 0.15);
                Assert.Equal(0, Different(arrays["mask_out"], ImageWarp.ResizedCropMask(mask, box, size[0], size[1])));
                break;
            default:
                Assert.Fail($"unknown op in {file}");
                break;
        }
    }

    [Theory]
    [InlineData(7, 5, 3, 30)]
    [InlineData(1, 9, 1, -75)]
    [InlineData(6, 1, 4, 180)]
    [InlineData(1, 1, 3, 12)]
    [InlineData(11, 2, 3, 361.5)]
    public void Equals_the_definition(int height, int width, int channels, double degrees)
    {
        Image image = ResizeTests.Noise(height, width, channels, seed: height);
        AffineTransform turn = AffineTransform.Rotation(degrees, height, width);
        Image warped = ImageWarp.Affine(image, turn), mask = ImageWarp.AffineMask(image, turn);
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double dx = x - ((width - 1) / 2.0), dy = y - ((height - 1) / 2.0);
                double u = (cos * dx) - (sin * dy) + ((width - 1) / 2.0), v = (sin * dx) + (cos * dy) + ((height - 1) / 2.0);
                for (int c = 0; c < channels; c++)
                {
                    double expected = 0;
                    for (int i = 0; i < 4; i++)
                    {
                        double column = Math.Floor(u) + (i & 1), row = Math.Floor(v) + (i >> 1);
                        expected += Math.Max(0, 1 - Math.Abs(u - column)) * Math.Max(0, 1 - Math.Abs(v - row)) * At(column, row, c);
                    }

                    int index = (((y * width) + x) * channels) + c;
                    Assert.False(!(Math.Abs(expected - warped.Pixels[index]) <= 0.5 + 1e-6), $"[{y},{x},{c}]: expected {expected}, got {warped.Pixels[index]}");
                    bool tie = Math.Abs(u - Math.Floor(u) - 0.5) < 1e-9 || Math.Abs(v - Math.Floor(v) - 0.5) < 1e-9;
                    Assert.True(tie || mask.Pixels[index] == At(Math.Round(u), Math.Round(v), c), $"mask [{y},{x},{c}]");
                }
            }
        }

        byte At(double column, double row, int c) => image.Pixels[(((Mirror((int)row, height) * width) + Mirror((int)column, width)) * channels) + c];

        static int Mirror(int p, int n)
        {
            while (p < 0 || p >= n)
            {
                p = n == 1 ? 0 : p < 0 ? -p : (2 * (n - 1)) - p;
            }

            return p;
        }
    }

    [Theory]
    [InlineData(61, 83, 0.7, 0.75, 0, 0, 0, 0, 61, 52)]
    [InlineData(61, 83, 0.7, 4 / 3.0, 0.999, 0.999, 9, 14, 52, 69)]
    [InlineData(61, 83, 1, 4, 0.5, 0.5, 13, 0, 36, 83)]
    [InlineData(1, 1, 0.01, 1, 0.9, 0.9, 0, 0, 1, 1)]
    public void A_drawn_box_fits_the_image(int height, int width, double scale, double aspect, double vertical, double horizontal, int top, int left, int high, int wide) =>
        Assert.Equal(new CropBox(top, left, high, wide), CropBox.OfScale(height, width, scale, aspect, vertical, horizontal));

    [Theory]
    [InlineData(0, 1, 0, 0)]
    [InlineData(double.NaN, 1, 0, 0)]
    [InlineData(1.01, 1, 0, 0)]
    [InlineData(1, 0, 0, 0)]
    [InlineData(1, double.PositiveInfinity, 0, 0)]
    [InlineData(1, 1, 1, 0)]
    [InlineData(1, 1, 0, -0.1)]
    public void A_draw_outside_its_range_is_refused(double scale, double aspect, double vertical, double horizontal) =>
        Assert.StartsWith("CropBox.OfScale: ", Assert.Throws<ShapeException>(() => CropBox.OfScale(5, 7, scale, aspect, vertical, horizontal)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_map_that_flattens_is_refused() =>
        Assert.StartsWith("AffineTransform.Inverse: ", Assert.Throws<ShapeException>(() => ImageWarp.Affine(ResizeTests.Noise(2, 3, 1, 1), default)).Message, StringComparison.Ordinal);

    [Fact]
    public void Jitter_is_the_blend_it_says()
    {
        Image image = ResizeTests.Noise(5, 7, 3, seed: 4);
        Assert.Equal(image.Pixels, ImageColorJitter.Adjust(image, 1, 1, 1).Pixels);
        Assert.All(ImageColorJitter.Adjust(image, 0, 1, 1).Pixels, value => Assert.Equal(0, value));
        Image grey = ImageColorJitter.Adjust(image, 1, 1, 0);
        Assert.All(Enumerable.Range(0, 35), i => Assert.True(grey.Pixels[3 * i] == grey.Pixels[(3 * i) + 1] && grey.Pixels[3 * i] == grey.Pixels[(3 * i) + 2]));
        double[] bright = [.. image.Pixels.Select(v => Math.Min(v * 1.3, 255))];
        double mean = Enumerable.Range(0, 35).Average(i => (0.299 * bright[3 * i]) + (0.587 * bright[(3 * i) + 1]) + (0.114 * bright[(3 * i) + 2]));
        double[] contrast = [.. bright.Select(v => Math.Clamp((0.6 * v) + (0.4 * mean), 0, 255))];
        byte[] actual = ImageColorJitter.Adjust(image, 1.3f, 0.6f, 1.4f).Pixels;
        for (int i = 0; i < actual.Length; i++)
        {
            int p = i / 3 * 3;
            double luma = (0.299 * contrast[p]) + (0.587 * contrast[p + 1]) + (0.114 * contrast[p + 2]);
            double expected = Math.Clamp((1.4 * contrast[i]) - (0.4 * luma), 0, 255);
            Assert.False(!(Math.Abs(expected - actual[i]) <= 0.5 + 1e-3), $"[{i}]: expected {expected}, got {actual[i]}");
        }

        Assert.Throws<ShapeException>(() => ImageColorJitter.Adjust(image, float.NaN, 1, 1));
        Assert.Throws<ShapeException>(() => ImageColorJitter.Adjust(ResizeTests.Noise(2, 3, 1, 1), 1, 1, 1));
    }

    private static Image Read(ReferenceArray array) => new(array.Shape[0], array.Shape[1], array.Shape.Length == 3 ? array.Shape[2] : 1, array.As<byte>());

    private static int Different(ReferenceArray expected, Image actual)
    {
        Assert.Equal((expected.Shape[0], expected.Shape[1]), (actual.Height, actual.Width));
        return expected.As<byte>().Zip(actual.Pixels).Count(pair => pair.First != pair.Second);
    }

    /// <summary>
    /// A byte may differ by one where the exact value lies near a half: seldom for warps, where OpenCV 5 rounds weights finely; often for
    /// crops, whose weights it rounds to 11 bits.
    /// </summary>
    private static void AssertNear(ReferenceArray expected, Image actual, double fraction)
    {
        Assert.InRange(Different(expected, actual), 0, (int)(fraction * actual.Pixels.Length));
        Assert.All(expected.As<byte>().Zip(actual.Pixels), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
    }
}
