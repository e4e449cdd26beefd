using NativeFree.Kernels;

namespace NativeFree.Loaders;

/// <summary>
/// The pictures of a list, decoded when asked for, augmented or not, and prepared as inputs; their classes or masks as labels. Without augmentation a picture is prepared as the model itself prepares it. Masks are resized by taking the
/// pixel under each centre, never by interpolation: half-way between class 0 and class 2 there is no class 1, and a border must not get a third class as its outline.
/// </summary>
public sealed class ImageDataset : IDataset
{
    private readonly ImageList list;
    private readonly ImageDatasetOptions options;
    private readonly DecodedPictures cache;

    /// <summary>Prepares to read; nothing is decoded yet.</summary>
    /// <exception cref="ShapeException">A side of an input or mask is below 1, or a number of the augmentation is outside its range.</exception>
    public ImageDataset(ImageList list, ImageDatasetOptions options)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(options);
        (this.list, this.options, cache) = (list, options, new DecodedPictures(options.CacheBytes));
        (int rows, int columns) = (options.MaskHeight ?? options.Height, options.MaskWidth ?? options.Width);
        if (options.Height < 1 || options.Width < 1 || rows < 1 || columns < 1)
            throw new ShapeException($"ImageDataset: inputs and masks have at least one row and column; got {options.Height}×{options.Width} and {rows}×{columns}.");
        options.Augmentation?.RequireValid();
        InputShape = new Shape(options.Height, options.Width, 3);
        LabelShape = list.HasMasks ? new Shape(rows, columns) : new Shape();
    }

    /// <summary>The pictures.</summary>
    public ImageList List => list;

    /// <inheritdoc/>
    public int Count => list.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes => list.Classes;

    /// <inheritdoc/>
    public Shape InputShape { get; }

    /// <inheritdoc/>
    public Shape LabelShape { get; }

    /// <summary>What is done to each picture at random, or null.</summary>
    public Augmentation? Augmentation => options.Augmentation;

    /// <summary>Bytes of decoded pictures held.</summary>
    internal long CachedBytes => cache.Bytes;

    /// <inheritdoc/>
    public string NameOf(int index) => list.Samples[index].Name;

    /// <summary>The picture and mask of a sample as they are stored, upright and whole, for a report.</summary>
    /// <exception cref="FileFormatException">As for <see cref="Read"/>.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public (Image Image, Image? Mask) Original(int index) => cache.Get(index, Decode);

    /// <inheritdoc/>
    public void Read(int index, int epoch, Span<float> x, Span<int> y)
    {
        (Image image, Image? mask) = Original(index);
        if (options.Augmentation is { } augmentation)
        {
            AugmentationDraw draw = augmentation.Draw(options.Seed, epoch, index, image.Height, image.Width);
            image = draw.Apply(image, options.Height, options.Width);
            mask = mask is null ? null : draw.ApplyMask(mask, LabelShape[0], LabelShape[1]);
        }
        options.Preprocessing.Apply(image, options.Height, options.Width, null, x);
        if (mask is null)
            y[0] = list.Samples[index].Label;
        else
            Convert(ImageResize.NearestHalfPixel(mask, LabelShape[0], LabelShape[1]).Pixels, y);
    }

    private static void Convert(ReadOnlySpan<byte> mask, Span<int> y)
    {
        for (int i = 0; i < y.Length; i++)
            y[i] = mask[i] == byte.MaxValue ? -1 : mask[i];
    }

    private (Image Image, Image? Mask) Decode(int index)
    {
        ImageSample sample = list.Samples[index];
        Image image = sample.ReadImage();
        if (sample.ReadMask is null)
            return (image, null);
        Image mask = sample.ReadMask();
        string name = sample.MaskName ?? sample.Name;
        if ((mask.Height, mask.Width, mask.Channels) != (image.Height, image.Width, 1))
            throw new FileFormatException(name, $"a mask has one channel and its picture's size; got {mask} for {sample.Name} of {image.Height}×{image.Width}; make the mask anew");
        int wrong = mask.Pixels.AsSpan().IndexOfAnyInRange((byte)Math.Min(list.Classes.Count, byte.MaxValue), (byte)(byte.MaxValue - 1));
        if (wrong >= 0 && list.Classes.Count < byte.MaxValue)
            throw new FileFormatException(name, $"a mask holds classes 0 to {list.Classes.Count - 1}, and 255 for what counts for nothing; got {mask.Pixels[wrong]} in row {wrong / mask.Width}, column {wrong % mask.Width}; write the mask anew");
        return (image, mask);
    }
}
