namespace NativeFree.Kernels;

/// <summary>
/// Colour jitter of RGB images, after torchvision's: brightness, then contrast, then saturation, each a blend v ← f·v + (1 − f)·base that
/// is clamped to 0..255. Carried in float32 from end to
/// end and rounded once, where torchvision truncates to bytes after each step.
/// </summary>
public static class ImageColorJitter
{
    /// <summary>
    /// Brightness blends with black; contrast with the mean luma of the brightened picture; saturation with each pixel's own luma 0.299·R +
    /// 0.587·G + 0.114·B. A factor of 1 changes nothing,
    /// 0 leaves the base alone. Deterministic; no random numbers are drawn here.
    /// </summary>
    /// <param name="image">uint8 [H, W, 3], R, G, B.</param>
    /// <param name="brightness">f of the first blend, 0 or more.</param>
    /// <param name="contrast">f of the second blend, 0 or more.</param>
    /// <param name="saturation">f of the third blend, 0 or more.</param>
    /// <returns>uint8 [H, W, 3].</returns>
    /// <exception cref="ShapeException">The image is not RGB, or a factor is negative or not finite.</exception>
    public static Image Adjust(Image image, float brightness, float contrast, float saturation)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Channels != 3 || !(brightness >= 0 && contrast >= 0 && saturation >= 0) || !float.IsFinite(brightness + contrast + saturation))
        {
            throw new ShapeException(
                $"ImageColorJitter: needs an RGB image and factors of 0 or more; got {image}, brightness {brightness}, contrast {contrast}, saturation {saturation}");
        }

        byte[] from = image.Pixels, to = new byte[from.Length];
        double sum = 0;
        for (int i = 0; i < from.Length; i += 3)
        {
            sum += Luma(Blend(from[i], brightness, 0), Blend(from[i + 1], brightness, 0), Blend(from[i + 2], brightness, 0));
        }

        float mean = (float)(sum / (from.Length / 3));
        for (int i = 0; i < from.Length; i += 3)
        {
            float r = Blend(Blend(from[i], brightness, 0), contrast, mean);
            float g = Blend(Blend(from[i + 1], brightness, 0), contrast, mean);
            float b = Blend(Blend(from[i + 2], brightness, 0), contrast, mean);
            float luma = Luma(r, g, b);
            to[i] = (byte)(Blend(r, saturation, luma) + 0.5f);
            to[i + 1] = (byte)(Blend(g, saturation, luma) + 0.5f);
            to[i + 2] = (byte)(Blend(b, saturation, luma) + 0.5f);
        }

        return new Image(image.Height, image.Width, 3, to);
    }

    private static float Luma(float r, float g, float b) => (0.299f * r) + (0.587f * g) + (0.114f * b);

    private static float Blend(float value, float factor, float neutral) => Math.Clamp((factor * value) + ((1 - factor) * neutral), 0, 255);
}
