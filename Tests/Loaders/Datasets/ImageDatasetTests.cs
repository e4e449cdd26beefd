using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>Pictures on their way into a batch: preparation, masks, the bounded memory of decoded pictures, bad files.</summary>
public sealed class ImageDatasetTests
{
    [Fact]
    public void Without_augmentation_a_picture_is_what_the_model_itself_prepares()
    {
        foreach (Preprocessing preprocessing in (Preprocessing[])[Preprocessing.UnitRange, Preprocessing.KerasCaffe, Preprocessing.ChainerVgg])
        {
            Image image = ResizeTests.Noise(19, 13, 4, seed: 3);
            var data = new ImageDataset(List(image), new ImageDatasetOptions(7, 11) { Preprocessing = preprocessing });
            float[] expected = new float[7 * 11 * 3], x = new float[7 * 11 * 3];
            preprocessing.Apply(image, 7, 11, null, expected);
            int[] y = new int[1];
            data.Read(0, 3, x, y);
            Assert.Equal(expected, x);
            Assert.Equal(1, y[0]);
        }
    }

    [Fact]
    public void A_mask_keeps_its_classes_and_255_counts_for_nothing()
    {
        var mask = new Image(2, 4, 1, [0, 0, 2, 2, 0, 0, 255, 2]);
        ImageDataset data = Masked(mask, new ImageDatasetOptions(8, 8) { MaskHeight = 4, MaskWidth = 4 });
        int[] y = new int[16];
        data.Read(0, 0, new float[8 * 8 * 3], y);
        Assert.Equal([0, 0, 2, 2, 0, 0, 2, 2, 0, 0, -1, 2, 0, 0, -1, 2], y);
        string fault = Assert.Throws<FileFormatException>(() => Masked(new Image(2, 4, 1, [0, 1, 2, 1, 1, 3, 1, 1]), new ImageDatasetOptions(8, 8)).Original(0)).Message;
        Assert.Equal("mask.png: a mask holds classes 0 to 2, and 255 for what counts for nothing; got 3 in row 1, column 1; write the mask anew", fault);
    }

    [Fact]
    public void Decoded_pictures_are_held_up_to_the_bound()
    {
        int decoded = 0;
        ImageSample[] samples = [.. Enumerable.Range(0, 10).Select(i => new ImageSample($"{i}", () =>
        {
            Interlocked.Increment(ref decoded);
            return ResizeTests.Noise(5, 7, 3, i);
        }, 0))];
        var data = new ImageDataset(new ImageList("all", samples, ["a"]), new ImageDatasetOptions(3, 3) { CacheBytes = (4 * 105) + 50 });
        float[][] first = [.. Enumerable.Range(0, 10).Select(i => Read(data, i))];
        Assert.Equal(10, decoded);
        Assert.Equal(4 * 105, data.CachedBytes);
        for (int i = 9; i >= 0; i--)
            Assert.Equal(first[i], Read(data, i));
        Assert.Equal(16, decoded);
        Assert.Equal(4 * 105, data.CachedBytes);
    }

    [Fact]
    public void The_bound_counts_masks_too_and_is_reached_exactly()
    {
        int decoded = 0;
        ImageSample[] samples = [.. Enumerable.Range(0, 4).Select(i => new ImageSample($"{i}", () =>
        {
            decoded++;
            return ResizeTests.Noise(5, 7, 3, i);
        }, 0, "m", () => new Image(5, 7, 1, new byte[35])))];
        var data = new ImageDataset(new ImageList("all", samples, ["a"]), new ImageDatasetOptions(3, 3) { CacheBytes = 3 * (105 + 35) });
        for (int epoch = 0; epoch < 2; epoch++)
        {
            for (int i = 0; i < 4; i++)
                Read(data, i);
        }
        Assert.Equal((3 * 140, 5), (data.CachedBytes, decoded));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(254)]
    public void A_mask_with_a_value_between_the_classes_and_255_is_refused(byte value)
    {
        string fault = Assert.Throws<FileFormatException>(() => Masked(new Image(2, 4, 1, [0, 1, 2, 255, 255, 2, value, 0]), new ImageDatasetOptions(8, 8)).Original(0)).Message;
        Assert.Equal($"mask.png: a mask holds classes 0 to 2, and 255 for what counts for nothing; got {value} in row 1, column 2; write the mask anew", fault);
    }

    [Theory]
    [InlineData(2, 5, 1)]
    [InlineData(3, 4, 1)]
    [InlineData(2, 4, 3)]
    public void A_mask_of_another_size_is_refused(int height, int width, int channels)
    {
        var mask = new Image(height, width, channels, new byte[height * width * channels]);
        string fault = Assert.Throws<FileFormatException>(() => Masked(mask, new ImageDatasetOptions(8, 8)).Original(0)).Message;
        Assert.Equal($"mask.png: a mask has one channel and its picture's size; got {mask} for picture.png of 2×4; make the mask anew", fault);
    }

    [Fact]
    public void An_unreadable_picture_is_named_and_skipped_or_refused_by_choice()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])["a.png", "b.png", "c.png"])
            ImageFile.SavePng(folder.File(name), ResizeTests.Noise(5, 7, 3, 1));
        byte[] png = File.ReadAllBytes(folder.File("b.png"));
        File.WriteAllBytes(folder.File("b.png"), png[..50]);
        File.WriteAllLines(folder.File("list.csv"), ["a.png,x", "b.png,y", "c.png,x"]);
        var data = new ImageDataset(ImageList.FromCsv(folder.File("list.csv")), new ImageDatasetOptions(4, 4));
        var device = new CpuDevice(1);
        var loader = new DataLoader(data, 2, device: device, bad: BadSamples.Skip);
        Assert.Equal([["a.png"], ["c.png"]], loader.Epoch(0).Select(batch => batch.Names.Select(path => Path.GetFileName(path)).ToArray()));
        Assert.StartsWith(folder.File("b.png"), Assert.Single(loader.Skipped), StringComparison.Ordinal);
        Assert.StartsWith(folder.File("b.png"), Assert.Throws<FileFormatException>(() => new DataLoader(data, 2, device: device).Epoch(0).Count()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Augmented_batches_do_not_depend_on_the_number_of_threads(int workers)
    {
        ImageSample[] samples = [.. Enumerable.Range(0, 11).Select(i => new ImageSample($"{i}", () => ResizeTests.Noise(9 + i, 17, 3, i), i % 2, "m", () => new Image(9 + i, 17, 1, new byte[(9 + i) * 17])))];
        var list = new ImageList("all", samples, ["a", "b"]);
        var options = new ImageDatasetOptions(8, 9) { Augmentation = new(), Seed = 5 };
        float[][] expected = Epoch(1), got = Epoch(workers);
        Assert.Equal(expected, got);
        var other = new ImageDataset(list, options with { Seed = 6 });
        Assert.NotEqual(Read(new ImageDataset(list, options), 3), Read(other, 3));

        float[][] Epoch(int workers) => [.. new DataLoader(new ImageDataset(list, options), 3, true, 2, new CpuDevice(1), workers).Epoch(2).Select(batch => batch.X.ToArray())];
    }

    [Fact]
    public void An_augmented_sample_is_its_draw_applied_and_prepared()
    {
        Image image = ResizeTests.Noise(19, 31, 3, 4), mask = new(19, 31, 1, [.. Enumerable.Range(0, 19 * 31).Select(i => (byte)(i % 31 / 11))]);
        var list = new ImageList("all", [new ImageSample("a", () => image, 0, "m", () => mask), new ImageSample("b", () => image, 0, "m", () => mask)], ["x", "y", "z"]);
        var options = new ImageDatasetOptions(8, 13) { MaskHeight = 5, MaskWidth = 9, Augmentation = new() { RotationProbability = 1 }, Seed = 6 };
        foreach ((int index, int epoch) in ((int, int)[])[(1, 7), (0, 7), (1, 2)])
        {
            AugmentationDraw draw = options.Augmentation.Draw(6, epoch, index, 19, 31);
            float[] expected = new float[8 * 13 * 3], x = new float[8 * 13 * 3];
            int[] y = new int[45];
            Preprocessing.UnitRange.Apply(draw.Apply(image, 8, 13), 8, 13, null, expected);
            new ImageDataset(list, options).Read(index, epoch, x, y);
            Assert.Equal(expected, x);
            Assert.Equal(draw.ApplyMask(mask, 5, 9).Pixels.Select(value => (int)value), y);
        }
    }

    [Fact]
    public void Sizes_and_ranges_are_checked()
    {
        ImageList list = List(ResizeTests.Noise(2, 2, 3, 1));
        Assert.Throws<ShapeException>(() => new ImageDataset(list, new ImageDatasetOptions(0, 4)));
        Assert.Throws<ShapeException>(() => new ImageDataset(list, new ImageDatasetOptions(4, 4) { MaskWidth = 0 }));
        Assert.Equal("Augmentation: SmallestCrop is above 0 and at most 1; got 0.",
            Assert.Throws<ShapeException>(() => new ImageDataset(list, new ImageDatasetOptions(4, 4) { Augmentation = new() { SmallestCrop = 0 } })).Message);
        Assert.Throws<ShapeException>(() => new ImageDataset(list, new ImageDatasetOptions(4, 4) { Augmentation = new() { RotationDegrees = double.NaN } }));
    }

    private static ImageList List(Image image) => new("all", [new ImageSample("picture.png", () => image, 1)], ["a", "b"]);

    private static ImageDataset Masked(Image mask, ImageDatasetOptions options) =>
        new(new ImageList("all", [new ImageSample("picture.png", () => ResizeTests.Noise(2, 4, 3, 1), 0, "mask.png", () => mask)], ["a", "b", "c"]), options);

    private static float[] Read(ImageDataset data, int index)
    {
        float[] x = new float[data.InputShape.Count];
        data.Read(index, 0, x, new int[data.LabelShape.Count]);
        return x;
    }
}
