using NativeFree.Kernels;

namespace NativeFree.Loaders;

/// <summary>
/// What was drawn for one picture, to be applied to it and to its mask: the same turn, mirror image and crop. Pictures are interpolated; each pixel of a mask is one of the mask, since between two classes there is no third. A picture's crop
/// is resized with half-pixel centres, and its mask's pixels are taken at the same centres; albumentations takes the mask at ⌊i·in/out⌋, up to half an output pixel to the upper left of its picture.
/// </summary>
/// <param name="Turn">About the picture's centre, or null.</param>
/// <param name="Flip">Whether it is mirrored left to right, after the turn.</param>
/// <param name="Box">What is kept, after turn and flip.</param>
/// <param name="Brightness">Factor of the brightness.</param>
/// <param name="Contrast">Factor of the contrast.</param>
/// <param name="Saturation">Factor of the saturation.</param>
public sealed record AugmentationDraw(AffineTransform? Turn, bool Flip, CropBox Box, float Brightness, float Contrast, float Saturation)
{
    /// <summary>The picture changed and resized, as RGB.</summary>
    /// <param name="image">Any channels; of the size for which was drawn.</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="width">Columns of the result.</param>
    /// <exception cref="ShapeException">The crop leaves the picture, or a side of the result is below 1.</exception>
    public Image Apply(Image image, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image rgb = image.ToRgb();
        if (Turn is { } turn)
            rgb = ImageWarp.Affine(rgb, turn);
        if (Flip)
            rgb = rgb.FlipHorizontal();
        rgb = ImageWarp.ResizedCrop(rgb, Box, height, width);
        return (Brightness, Contrast, Saturation) == (1, 1, 1) ? rgb : ImageColorJitter.Adjust(rgb, Brightness, Contrast, Saturation);
    }

    /// <summary>The mask changed and resized, its values untouched.</summary>
    /// <param name="mask">One channel; of the size for which was drawn.</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="width">Columns of the result.</param>
    /// <exception cref="ShapeException">The crop leaves the mask, or a side of the result is below 1.</exception>
    public Image ApplyMask(Image mask, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (Turn is { } turn)
            mask = ImageWarp.AffineMask(mask, turn);
        if (Flip)
            mask = mask.FlipHorizontal();
        return ImageResize.NearestHalfPixel(mask.Crop(Box.Top, Box.Left, Box.Height, Box.Width), height, width);
    }
}
