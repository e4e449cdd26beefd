using NativeFree.Kernels;

namespace NativeFree.Models;

/// <summary>
/// How a picture becomes a network's input; part of what a weight file means. Either resize as Pillow does, then x[…,c] = float(pixel) − mean[c] in the order blue, green, red; or resize as TensorFlow does without
/// rounding, then x = value · (1/255), red, green, blue. Grey is repeated and alpha dropped before.
/// </summary>
public sealed class Preprocessing
{
    private readonly float[]? means;

    private Preprocessing(ResizeFilter? filter, float[]? means)
    {
        Filter = filter;
        this.means = means;
    }

    /// <summary>Pillow's filter, or null for TensorFlow's bilinear with half-pixel centres.</summary>
    public ResizeFilter? Filter { get; }

    /// <summary>Chainer's VGG: bicubic; means 103.939, 116.779, 123.68.</summary>
    public static Preprocessing ChainerVgg { get; } = new(ResizeFilter.Bicubic, [103.939f, 116.779f, 123.68f]);

    /// <summary>Chainer's ResNets: bicubic; means 103.063, 115.903, 123.152.</summary>
    public static Preprocessing ChainerResNet { get; } = new(ResizeFilter.Bicubic, [103.063f, 115.903f, 123.152f]);

    /// <summary>Chainer's GoogLeNet: bicubic; means 104, 117, 123.</summary>
    public static Preprocessing ChainerGoogLeNet { get; } = new(ResizeFilter.Bicubic, [104, 117, 123]);

    /// <summary>Keras's <c>load_img</c> and <c>preprocess_input(mode='caffe')</c>: nearest; means 103.939, 116.779, 123.68, for VGG and ResNet alike.</summary>
    public static Preprocessing KerasCaffe { get; } = new(ResizeFilter.Nearest, [103.939f, 116.779f, 123.68f]);

    /// <summary>Keras's <c>Resizing</c> layer (bilinear) and <c>Rescaling(1/255)</c>: 0 to 1, red first.</summary>
    public static Preprocessing UnitRange { get; } = new(null, null);

    /// <summary>Writes the network's input for one picture.</summary>
    /// <param name="image">Any size, 1, 3 or 4 channels.</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="filter">Pillow's filter instead of the origin's, or null.</param>
    /// <param name="destination">float32 [height, width, 3].</param>
    /// <exception cref="ArgumentException">A side is below 1, or the destination is not height·width·3 long.</exception>
    public void Apply(Image image, int height, int width, ResizeFilter? filter, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (destination.Length != (long)height * width * 3)
            throw new ArgumentException($"Preprocessing: the result has height·width·3 values; got room for {destination.Length} for {height}×{width}.");
        Image rgb = image.ToRgb();
        if ((filter ?? Filter) is { } resize)
            Convert(ImageResize.Resize(rgb, height, width, resize).Pixels, destination);
        else
            ToUnitRange(ImageResize.BilinearHalfPixel(rgb, height, width), destination);
    }

    private void Convert(ReadOnlySpan<byte> pixels, Span<float> destination)
    {
        for (int i = 0; i < destination.Length; i += 3)
        {
            for (int c = 0; c < 3; c++)
                destination[i + c] = means is null ? pixels[i + c] * (1 / 255f) : pixels[i + 2 - c] - means[c];
        }
    }

    private static void ToUnitRange(ReadOnlySpan<float> values, Span<float> destination)
    {
        for (int i = 0; i < values.Length; i++)
            destination[i] = values[i] * (1 / 255f);
    }
}
