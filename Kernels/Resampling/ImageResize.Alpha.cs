namespace NativeFree.Kernels;

public static partial class ImageResize
{
    /// <summary>c ← round(c·a/255), rounded as ((t >> 8) + t) >> 8 with t = c·a + 128 (exact for all bytes).</summary>
    private static Image Premultiply(Image image)
    {
        byte[] from = image.Pixels, to = new byte[from.Length];
        for (int i = 0; i < from.Length; i += 4)
        {
            int alpha = from[i + 3];
            for (int c = 0; c < 3; c++)
            {
                int t = (from[i + c] * alpha) + 128;
                to[i + c] = (byte)(((t >> 8) + t) >> 8);
            }

            to[i + 3] = (byte)alpha;
        }

        return new Image(image.Height, image.Width, 4, to);
    }

    /// <summary>c ← min(⌊255·c/a⌋, 255); at a = 0 and 255 the colours stay as they are.</summary>
    private static Image Unpremultiply(Image image)
    {
        byte[] pixels = image.Pixels;
        for (int i = 0; i < pixels.Length; i += 4)
        {
            int alpha = pixels[i + 3];
            for (int c = 0; c < 3 && alpha is not (0 or 255); c++)
            {
                pixels[i + c] = (byte)Math.Min(255 * pixels[i + c] / alpha, 255);
            }
        }

        return image;
    }
}
