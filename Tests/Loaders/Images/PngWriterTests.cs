using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Tests;

public sealed class PngWriterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("nativefree-png").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 37, 1)]
    [InlineData(41, 2, 3)]
    [InlineData(13, 29, 3)]
    [InlineData(7, 31, 4)]
    public void What_is_written_comes_back(int height, int width, int channels)
    {
        foreach (Image image in new[] { ResizeTests.Noise(height, width, channels, seed: width), Smooth(height, width, channels) })
        {
            string file = Path.Combine(folder, "picture.jpg"); // the name says nothing
            ImageFile.SavePng(file, image);
            DecodedImage read = ImageFile.Decode(file);
            Assert.Equal((channels, "png", 8), (read.Picture.Channels, read.Format, read.Bits));
            Assert.Equal(image.Pixels, read.Picture.Pixels);
            Assert.Equal([file], Directory.GetFiles(folder));
        }
    }

    [Fact]
    public void The_same_image_gives_the_same_bytes()
    {
        Image image = Smooth(31, 17, 3);
        ImageFile.SavePng(Path.Combine(folder, "a"), image);
        ImageFile.SavePng(Path.Combine(folder, "b"), image);
        Assert.Equal(File.ReadAllBytes(Path.Combine(folder, "a")), File.ReadAllBytes(Path.Combine(folder, "b")));
    }

    [Fact]
    public void Filters_make_a_smooth_picture_small()
    {
        Image image = Smooth(64, 128, 3);
        ImageFile.SavePng(Path.Combine(folder, "smooth"), image);
        Assert.InRange(new FileInfo(Path.Combine(folder, "smooth")).Length, 60, image.Pixels.Length / 20);
    }

    [Fact]
    public void A_mask_keeps_its_indices_and_shows_its_colours()
    {
        string file = Path.Combine(folder, "mask.png");
        var mask = new Image(2, 3, 1, [0, 1, 2, 2, 1, 0]);
        ImageFile.SavePng(file, mask, new byte[] { 255, 0, 0, 0, 128, 0, 0, 0, 64 });
        Assert.Equal(mask.Pixels, ImageFile.LoadMask(file).Pixels);
        Assert.Equal([255, 0, 0, 0, 128, 0, 0, 0, 64, 0, 0, 64, 0, 128, 0, 255, 0, 0], ImageFile.Load(file).Pixels);
    }

    [Fact]
    public void A_grey_mask_keeps_its_values_and_a_colour_picture_is_no_mask()
    {
        string file = Path.Combine(folder, "trimap.png");
        ImageFile.SavePng(file, new Image(1, 3, 1, [1, 3, 2]));
        Assert.Equal([1, 3, 2], ImageFile.LoadMask(file).Pixels);
        ImageFile.SavePng(file, ResizeTests.Noise(2, 5, 3, seed: 1));
        Assert.Equal(
            $"{file}: a mask must be a PNG with a palette or up to 8 bits of grey; got a png of 3 channels, 8 bits; save class indices as grey",
            Assert.Throws<FileFormatException>(() => ImageFile.LoadMask(file)).Message);
    }

    [Fact]
    public void An_index_without_a_colour_is_refused_and_nothing_is_written()
    {
        string file = Path.Combine(folder, "mask.png");
        var mask = new Image(1, 2, 1, [0, 2]);
        Assert.Equal(
            "SavePng: every index needs a colour; got index 2 of 2; lengthen the palette",
            Assert.Throws<ShapeException>(() => ImageFile.SavePng(file, mask, new byte[6])).Message);
        Assert.Throws<ShapeException>(() => ImageFile.SavePng(file, mask, new byte[7]));
        Assert.Throws<DirectoryNotFoundException>(() => ImageFile.SavePng(Path.Combine(folder, "missing", "x.png"), mask));
        Assert.Empty(Directory.GetFiles(folder));
    }

    private static Image Smooth(int height, int width, int channels) =>
        new(height, width, channels, [.. Enumerable.Range(0, height * width * channels).Select(i => (byte)((i / channels % width) + (i / channels / width) + (50 * (i % channels))))]);
}
