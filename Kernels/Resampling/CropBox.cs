namespace NativeFree.Kernels;

/// <summary>A rectangle of pixels.</summary>
/// <param name="Top">First row.</param>
/// <param name="Left">First column.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct CropBox(int Top, int Left, int Height, int Width)
{
    /// <summary>
    /// The box of a random resized crop, from what was drawn for it: width round(√(area·aspect)) and height round(√(area/aspect)) with area
    /// = scale·H·W, each cut to the image and at least 1;
    /// its top is ⌊vertical·(H − height + 1)⌋, its left ⌊horizontal·(W − width + 1)⌋. Usual draws: scale in 0.7..1 uniformly, log(aspect)
    /// uniformly between those of 3/4 and 4/3.
    /// </summary>
    /// <param name="height">H, rows of the image.</param>
    /// <param name="width">W, columns of the image.</param>
    /// <param name="scale">Fraction of the image's area, above 0 and at most 1.</param>
    /// <param name="aspect">Width over height, above 0.</param>
    /// <param name="vertical">Place between top (0) and bottom, below 1.</param>
    /// <param name="horizontal">Place between left (0) and right, below 1.</param>
    /// <exception cref="ShapeException">A side is below 1 or a number is outside its range (NaN is).</exception>
    public static CropBox OfScale(int height, int width, double scale, double aspect, double vertical, double horizontal)
    {
        if (height < 1 || width < 1 || !(scale > 0 && scale <= 1) || !(aspect > 0 && double.IsFinite(aspect))
            || !(vertical >= 0 && vertical < 1) || !(horizontal >= 0 && horizontal < 1))
        {
            throw new ShapeException(
                $"CropBox.OfScale: needs an image, scale in (0, 1], aspect above 0, places in [0, 1); got {height}×{width}, {scale}, {aspect}, {vertical}, {horizontal}");
        }

        double area = scale * height * width;
        int wide = (int)Math.Clamp(Math.Round(Math.Sqrt(area * aspect)), 1, width);
        int high = (int)Math.Clamp(Math.Round(Math.Sqrt(area / aspect)), 1, height);
        return new CropBox((int)(vertical * (height - high + 1)), (int)(horizontal * (width - wide + 1)), high, wide);
    }
}
