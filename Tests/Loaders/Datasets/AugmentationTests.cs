using System.Text;
using System.Text.Json;
using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>What is drawn, how often, and that picture and mask stay in step. The warps alone: ImageWarpTests.</summary>
public sealed class AugmentationTests
{
    private const string Folder = "formats/augment";

    public static TheoryData<string> Cases => [.. Goldens.Files(Folder, "*.npz")];

    [Fact]
    public void Draws_repeat_themselves_and_differ_by_seed_epoch_and_index()
    {
        var augmentation = new Augmentation();
        AugmentationDraw draw = augmentation.Draw(1, 2, 3, 40, 50);
        Assert.Equal(draw, augmentation.Draw(1, 2, 3, 40, 50));
        Assert.NotEqual(draw, augmentation.Draw(2, 2, 3, 40, 50));
        Assert.NotEqual(draw, augmentation.Draw(1, 3, 3, 40, 50));
        Assert.NotEqual(draw, augmentation.Draw(1, 2, 4, 40, 50));
    }

    [Fact]
    public void Draws_have_the_ranges_and_frequencies_asked_for()
    {
        const int N = 4000;
        var augmentation = new Augmentation();
        AugmentationDraw[] draws = [.. Enumerable.Range(0, N).Select(i => augmentation.Draw(7, 0, i, 300, 400))];
        // Half of 4000 with a standard deviation of √1000 = 32; five of those.
        Assert.InRange(draws.Count(draw => draw.Flip), 2000 - 160, 2000 + 160);
        double[] angles = [.. draws.Where(draw => draw.Turn is not null).Select(draw => Math.Atan2(draw.Turn!.Value.XY, draw.Turn.Value.XX) * 180 / Math.PI)];
        Assert.InRange(angles.Length, 2000 - 160, 2000 + 160);
        Uniform(angles, -30, 30);
        double[] areas = [.. draws.Select(draw => draw.Box.Height * draw.Box.Width / (300.0 * 400))];
        double[] free = [.. draws.Where(draw => draw.Box.Height < 300 && draw.Box.Width < 400).Select(draw => Math.Log(draw.Box.Width / (double)draw.Box.Height))];
        Assert.All(areas, area => Assert.InRange(area, 0.49, 1)); // the edges cut crops of extreme shape
        Assert.True(free.Min() > Math.Log(0.74) && free.Max() < Math.Log(1.35));
        Assert.All(draws, draw => Assert.True(draw.Box.Top >= 0 && draw.Box.Left >= 0 && draw.Box.Top + draw.Box.Height <= 300 && draw.Box.Left + draw.Box.Width <= 400));
        Uniform([.. draws.Select(draw => (double)draw.Brightness)], 0.8, 1.2);
        Uniform([.. draws.Select(draw => (double)draw.Contrast)], 0.8, 1.2);
        Uniform([.. draws.Select(draw => (double)draw.Saturation)], 0.8, 1.2);

        static void Uniform(double[] values, double low, double high)
        {
            Assert.All(values, value => Assert.InRange(value, low - 1e-6, high + 1e-6));
            double mean = values.Average(), spread = (high - low) / Math.Sqrt(12 * values.Length);
            Assert.InRange(mean, ((low + high) / 2) - (5 * spread), ((low + high) / 2) + (5 * spread));
            Assert.True(values.Max() - values.Min() > 0.98 * (high - low));
        }
    }

    /// <summary>Crops small enough never to be cut by an edge have any shape between 3:4 and 4:3, as often wide as high by the same factor.</summary>
    [Fact]
    public void The_shape_of_crops_is_uniform_on_a_logarithmic_scale()
    {
        CropBox[] boxes = [.. Enumerable.Range(0, 4000).Select(i => new Augmentation { SmallestCrop = 0.3 }.Draw(5, 0, i, 2000, 2000).Box)];
        double[] shapes = [.. boxes.Where(box => (double)box.Height * box.Width < 0.7 * 2000 * 2000).Select(box => Math.Log(box.Width / (double)box.Height))];
        // A uniform draw from −l to l has the mean 0 and the mean square l²/3, with standard deviations of l/√3n and l²·√(4/45n).
        double l = Math.Log(4 / 3.0), n = shapes.Length;
        Assert.InRange(shapes.Average(), -5 * l / Math.Sqrt(3 * n), 5 * l / Math.Sqrt(3 * n));
        Assert.InRange(shapes.Average(shape => shape * shape) / (l * l), (1 / 3.0) - (5 * Math.Sqrt(4 / (45 * n))), (1 / 3.0) + (5 * Math.Sqrt(4 / (45 * n))));
        // The area's part runs evenly from the smallest to all of it: of 0.3 to 1, four sevenths lie below 0.7. Only a nearly square crop can hold nearly all.
        Assert.True(boxes.Max(box => (double)box.Height * box.Width) > 0.985 * 2000 * 2000);
        Assert.InRange(n, (4000 * 4 / 7.0) - (5 * 32), (4000 * 4 / 7.0) + (5 * 32));
    }

    [Fact]
    public void A_turn_leaves_the_centre_where_it_is()
    {
        AffineTransform turn = new Augmentation { RotationProbability = 1 }.Draw(1, 0, 0, 41, 90).Turn!.Value;
        (double x, double y) = turn.Apply(44.5, 20);
        Assert.Equal((44.5, 20.0), (Math.Round(x, 9), Math.Round(y, 9)));
        Assert.NotEqual(0, turn.XY);
    }

    /// <summary>Two pixels, black and white, turned by a right angle and mirrored: in the other order the result would be upside down.</summary>
    [Fact]
    public void The_mirror_image_is_made_after_the_turn()
    {
        byte[] values = [1, 2, 3, 4];
        var draw = new AugmentationDraw(AffineTransform.Rotation(90, 2, 2), true, new CropBox(0, 0, 2, 2), 1, 1, 1);
        // 1 2 / 3 4, counter-clockwise: 2 4 / 1 3; mirrored: 4 2 / 3 1.
        Assert.Equal([4, 2, 3, 1], draw.ApplyMask(new Image(2, 2, 1, values), 2, 2).Pixels);
        Assert.Equal([4, 4, 4, 2, 2, 2, 3, 3, 3, 1, 1, 1], draw.Apply(new Image(2, 2, 1, values), 2, 2).Pixels);
    }

    [Fact]
    public void A_masks_pixels_are_those_under_the_centres_of_the_pictures()
    {
        // Of six columns two remain: their centres lie over columns 1 and 4 (⌊i·in/out⌋ would take 0 and 3).
        var draw = new AugmentationDraw(null, false, new CropBox(0, 1, 1, 6), 1, 1, 1);
        Assert.Equal([11, 14], draw.ApplyMask(new Image(1, 8, 1, [9, 10, 11, 12, 13, 14, 15, 16]), 1, 2).Pixels);
    }

    public static TheoryData<Augmentation, string> OutOfRange => new()
    {
        { new() { RotationDegrees = -1 }, "RotationDegrees is 0 to 180; got -1" },
        { new() { RotationDegrees = 180.5 }, "RotationDegrees is 0 to 180; got 180.5" },
        { new() { RotationProbability = 1.5 }, "RotationProbability is 0 to 1; got 1.5" },
        { new() { FlipProbability = 1.5 }, "FlipProbability is 0 to 1; got 1.5" },
        { new() { FlipProbability = double.NaN }, "FlipProbability is 0 to 1; got NaN" },
        { new() { SmallestCrop = 0 }, "SmallestCrop is above 0 and at most 1; got 0" },
        { new() { SmallestCrop = 1.5 }, "SmallestCrop is above 0 and at most 1; got 1.5" },
        { new() { LargestAspect = 0.75 }, "LargestAspect is 1 or more, below 1000; got 0.75" },
        { new() { LargestAspect = 1000 }, "LargestAspect is 1 or more, below 1000; got 1000" },
        { new() { Brightness = 1.5 }, "Brightness is 0 to 1; got 1.5" },
        { new() { Contrast = -0.5 }, "Contrast is 0 to 1; got -0.5" },
        { new() { Saturation = 1.5 }, "Saturation is 0 to 1; got 1.5" },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void Numbers_out_of_their_ranges_are_named(Augmentation augmentation, string fault)
    {
        var list = new ImageList("all", [new ImageSample("a", () => ResizeTests.Noise(2, 2, 3, 1), 0)], ["x"]);
        Assert.Equal($"Augmentation: {fault}.", Assert.Throws<ShapeException>(() => new ImageDataset(list, new ImageDatasetOptions(4, 4) { Augmentation = augmentation })).Message);
    }

    /// <summary>No number is drawn twice: no two of them go together by more than five standard deviations of chance, and crops lie anywhere.</summary>
    [Fact]
    public void Changes_are_drawn_independently()
    {
        const int N = 4000;
        AugmentationDraw[] draws = [.. Enumerable.Range(0, N).Select(i => new Augmentation { LargestAspect = 1, SmallestCrop = 0.5 }.Draw(11, 1, i, 400, 400))];
        double[] angles = [.. draws.Select(draw => draw.Turn is { } turn ? Math.Atan2(turn.XY, turn.XX) : 0)];
        double[][] series =
        [
            [.. draws.Select(draw => draw.Turn is null ? 0.0 : 1)], angles, [.. draws.Select(draw => draw.Flip ? 1.0 : 0)], [.. draws.Select(draw => (double)draw.Box.Height)],
            [.. draws.Select(draw => (draw.Box.Top + 0.5) / (401 - draw.Box.Height))], [.. draws.Select(draw => (draw.Box.Left + 0.5) / (401 - draw.Box.Width))],
            [.. draws.Select(draw => (double)draw.Brightness)], [.. draws.Select(draw => (double)draw.Contrast)], [.. draws.Select(draw => (double)draw.Saturation)],
        ];
        for (int a = 0; a < series.Length; a++)
        {
            for (int b = 0; b < a; b++)
                Assert.InRange(Correlation(series[a], series[b]), -5 / Math.Sqrt(N), 5 / Math.Sqrt(N));
        }
        foreach (double[] place in series[4..6])
        {
            Assert.InRange(place.Average(), 0.5 - (5 / Math.Sqrt(12 * N)), 0.5 + (5 / Math.Sqrt(12 * N)));
            Assert.True(place.Min() < 0.02 && place.Max() > 0.98);
        }

        static double Correlation(double[] x, double[] y)
        {
            double mx = x.Average(), my = y.Average();
            double Sum(double[] u, double mu, double[] v, double mv) => u.Zip(v, (a, b) => (a - mu) * (b - mv)).Sum();
            return Sum(x, mx, y, my) / Math.Sqrt(Sum(x, mx, x, mx) * Sum(y, my, y, my));
        }
    }

    /// <summary>Between classes 0 and 2 there is no class 1, and beside 255 no 254.</summary>
    [Fact]
    public void A_mask_gets_no_value_that_it_does_not_hold()
    {
        byte[] values = [0, 2, 255];
        var mask = new Image(50, 61, 1, [.. Enumerable.Range(0, 50 * 61).Select(i => values[((i % 61 / 7) + (i / 61 / 5)) % 3])]);
        for (int epoch = 0; epoch < 20; epoch++)
        {
            AugmentationDraw draw = new Augmentation().Draw(2, epoch, 1, 50, 61);
            foreach ((int height, int width) in ((int, int)[])[(23, 31), (64, 96)])
                Assert.All(draw.ApplyMask(mask, height, width).Pixels, value => Assert.Contains(value, values));
        }
    }

    [Fact]
    public void Colours_change_in_the_picture_alone()
    {
        var box = new CropBox(0, 0, 3, 4);
        var grey = new Image(3, 4, 3, [.. Enumerable.Repeat((byte)100, 36)]);
        Image noise = ResizeTests.Noise(3, 4, 3, 5), mask = ResizeTests.Noise(3, 4, 1, 6);
        Assert.All(new AugmentationDraw(null, false, box, 0.5f, 1, 1).Apply(grey, 3, 4).Pixels, value => Assert.Equal(50, value));
        foreach (AugmentationDraw draw in (AugmentationDraw[])[new(null, false, box, 1.2f, 1, 1), new(null, false, box, 1, 1.2f, 1), new(null, false, box, 1, 1, 0.5f)])
        {
            Assert.Equal(ImageColorJitter.Adjust(noise, draw.Brightness, draw.Contrast, draw.Saturation).Pixels, draw.Apply(noise, 3, 4).Pixels);
            Assert.NotEqual(noise.Pixels, draw.Apply(noise, 3, 4).Pixels);
            Assert.Equal(mask.Pixels, draw.ApplyMask(mask, 3, 4).Pixels);
        }
    }

    [Fact]
    public void With_everything_off_nothing_changes()
    {
        var off = new Augmentation { RotationProbability = 0, FlipProbability = 0, SmallestCrop = 1, Brightness = 0, Contrast = 0, Saturation = 0 };
        Image image = ResizeTests.Noise(9, 14, 3, 2), mask = ResizeTests.Noise(9, 14, 1, 3);
        AugmentationDraw draw = off.Draw(1, 1, 1, 9, 14);
        Assert.Equal(image.Pixels, draw.Apply(image, 9, 14).Pixels);
        Assert.Equal(mask.Pixels, draw.ApplyMask(mask, 9, 14).Pixels);
    }

    [GoldenTheory(Folder)]
    [MemberData(nameof(Cases))]
    public void A_draw_follows_albumentations(string file)
    {
        Dictionary<string, ReferenceArray> arrays = ReferenceArray.LoadAll(Goldens.PathOf(file));
        Image image = Read(arrays["image"]), mask = Read(arrays["mask"]), imageOut = Read(arrays["image_out"]), maskOut = Read(arrays["mask_out"]);
        JsonElement attributes = JsonDocument.Parse(Encoding.UTF32.GetString(arrays["case"].Data)).RootElement;
        var whole = new CropBox(0, 0, image.Height, image.Width);
        string op = attributes.GetProperty("op").GetString()!;
        AugmentationDraw draw = op switch
        {
            "horizontal_flip" => new(null, true, whole, 1, 1, 1),
            "rotate" => new(AffineTransform.Rotation(attributes.GetProperty("angle_degrees_counterclockwise").GetDouble(), image.Height, image.Width), false, whole, 1, 1, 1),
            _ => new(null, false, Box(attributes), 1, 1, 1),
        };
        byte[] got = draw.Apply(image, imageOut.Height, imageOut.Width).Pixels;
        // Rounding of the last step: their results lie within 0.75 of the exact value (README.ops.md), ours within 0.5.
        Assert.All(got.Zip(imageOut.Pixels), pair => Assert.InRange(pair.First - pair.Second, -1, 1));
        byte[] classes = draw.ApplyMask(mask, maskOut.Height, maskOut.Width).Pixels;
        if (op != "random_resized_crop")
        {
            Assert.InRange(classes.Zip(maskOut.Pixels).Count(pair => pair.First != pair.Second), 0, 3); // exact ties
            return;
        }
        // Theirs is ⌊i·in/out⌋, up to half an output pixel from ours: the same class wherever the mask is constant around.
        for (int y = 0, at = 0; y < maskOut.Height; y++)
        {
            for (int x = 0; x < maskOut.Width; x++, at++)
                Assert.True(classes[at] == maskOut.Pixels[at] || !Constant(mask, draw.Box, maskOut, y, x), $"mask [{y},{x}]");
        }
    }

    [Fact]
    public void Picture_and_mask_stay_in_step()
    {
        // The picture shows the mask itself, each class a grey of its own: wherever the result is one of these greys, the mask must say that class.
        const int Height = 60, Width = 77;
        byte[] classes = new byte[Height * Width], pixels = new byte[Height * Width * 3];
        for (int i = 0; i < classes.Length; i++)
        {
            (int y, int x) = (i / Width, i % Width);
            classes[i] = (byte)(((y - 20) * (y - 20)) + ((x - 50) * (x - 50)) < 220 ? 2 : x + (y / 3) < 30 ? 1 : 0);
            pixels.AsSpan(3 * i, 3).Fill((byte)(100 * classes[i]));
        }
        Image image = new(Height, Width, 3, pixels), mask = new(Height, Width, 1, classes);
        var augmentation = new Augmentation { Brightness = 0, Contrast = 0, Saturation = 0 };
        for (int epoch = 0; epoch < 40; epoch++)
        {
            AugmentationDraw draw = augmentation.Draw(3, epoch, 5, Height, Width);
            Image x = draw.Apply(image, 48, 64), y = draw.ApplyMask(mask, 48, 64);
            int wrong = 0;
            for (int i = 0; i < y.Pixels.Length; i++)
            {
                int grey = x.Pixels[3 * i];
                Assert.True(y.Pixels[i] <= 2);
                // Interpolated greys lie between; 100 may also be half-way between classes 0 and 2, at single pixels of their border.
                if (grey is 0 or 200 && y.Pixels[i] != grey / 100)
                    wrong++;
                if (grey == 100 && y.Pixels[i] != 1)
                    wrong++;
            }
            Assert.InRange(wrong, 0, 8);
        }
    }

    private static Image Read(ReferenceArray array)
    {
        int[] shape = [.. array.Shape.Select(extent => (int)extent)];
        return new Image(shape[0], shape[1], shape.Length == 3 ? shape[2] : 1, array.As<byte>());
    }

    private static CropBox Box(JsonElement attributes)
    {
        int[] corners = [.. attributes.GetProperty("box_x0_y0_x1_y1").EnumerateArray().Select(value => value.GetInt32())];
        return new CropBox(corners[1], corners[0], corners[3] - corners[1], corners[2] - corners[0]);
    }

    private static bool Constant(Image mask, CropBox box, Image result, int y, int x)
    {
        double scaleY = box.Height / (double)result.Height, scaleX = box.Width / (double)result.Width;
        int top = box.Top + (int)(y * scaleY), left = box.Left + (int)(x * scaleX);
        int bottom = Math.Min(box.Top + (int)((y + 1) * scaleY), mask.Height - 1), right = Math.Min(box.Left + (int)((x + 1) * scaleX), mask.Width - 1);
        for (int row = top; row <= bottom; row++)
        {
            for (int column = left; column <= right; column++)
            {
                if (mask.Pixels[(row * mask.Width) + column] != mask.Pixels[(top * mask.Width) + left])
                    return false;
            }
        }
        return true;
    }
}
