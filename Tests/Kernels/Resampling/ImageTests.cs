using NativeFree.Kernels;

namespace NativeFree.Tests;

public sealed class ImageTests
{
    /// <summary>Every byte tells its place: 100·row + 10·column + channel.</summary>
    private static Image Ramp(int height, int width, int channels) =>
        new(height, width, channels, [.. from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) from c in Enumerable.Range(0, channels)
                                         select (byte)((100 * y) + (10 * x) + c)]);

    [Fact]
    public void A_crop_keeps_rows_columns_and_channels_apart() =>
        Assert.Equal([110, 111, 112, 120, 121, 122], Ramp(2, 4, 3).Crop(1, 1, 1, 2).Pixels);

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 0, 3, 1)]
    [InlineData(1, 0, 2, 1)]
    [InlineData(0, 3, 1, 2)]
    [InlineData(-1, 0, 1, 1)]
    [InlineData(0, 1, 1, int.MaxValue)]
    public void A_crop_outside_the_image_names_both(int top, int left, int height, int width) =>
        Assert.Equal(
            $"Image.Crop: the rectangle must be non-empty and inside the image; got rows {top}+{height}, columns {left}+{width} of 2×4",
            Assert.Throws<ShapeException>(() => Ramp(2, 4, 3).Crop(top, left, height, width)).Message);

    [Fact]
    public void A_flip_reverses_pixels_and_not_channels() =>
        Assert.Equal([20, 21, 22, 10, 11, 12, 0, 1, 2, 120, 121, 122, 110, 111, 112, 100, 101, 102], Ramp(2, 3, 3).FlipHorizontal().Pixels);

    [Fact]
    public void To_rgb_repeats_grey_and_drops_alpha()
    {
        Assert.Equal([0, 0, 0, 10, 10, 10], Ramp(1, 2, 1).ToRgb().Pixels);
        Assert.Equal([0, 1, 2, 10, 11, 12], Ramp(1, 2, 4).ToRgb().Pixels);
        Image rgb = Ramp(2, 1, 3);
        Assert.Same(rgb, rgb.ToRgb());
    }

    [Fact]
    public void The_array_must_fit_the_shape() =>
        Assert.Equal("Image: needs height·width·channels bytes; got 23 for 2×4×3; pass 24", Assert.Throws<ShapeException>(() => new Image(2, 4, 3, new byte[23])).Message);

    [Theory]
    [InlineData(0, 1, 3)]
    [InlineData(1, 0, 3)]
    [InlineData(1, 1, 2)]
    [InlineData(65536, 65536, 1)]
    public void A_shape_that_no_image_has_is_refused(int height, int width, int channels) =>
        Assert.Contains($"got {height}×{width}×{channels}", Assert.Throws<ShapeException>(() => new Image(height, width, channels, [])).Message, StringComparison.Ordinal);
}
