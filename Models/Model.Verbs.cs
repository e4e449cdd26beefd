using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Models;

public abstract partial class Model
{
    // Chainer's predict: pictures at 256², crops of 224²; other input sizes keep the proportion.
    private int PredictSize => InputSize * 8 / 7;

    /// <summary>The network's input for one picture, as the origin prepares it: float32 [1, height, width, 3].</summary>
    /// <param name="image">Any size, 1, 3 or 4 channels.</param>
    /// <param name="height">Rows; null takes <see cref="InputSize"/>.</param>
    /// <param name="width">Columns; null takes <see cref="InputSize"/>.</param>
    /// <param name="filter">Pillow's filter instead of the origin's; null takes the origin's.</param>
    /// <exception cref="ArgumentException">A side is below 1.</exception>
    public Tensor Prepare(Image image, int? height = null, int? width = null, ResizeFilter? filter = null) => Prepare([image], height, width, filter);

    /// <summary>The network's input for several pictures, resized to one size: float32 [N, height, width, 3].</summary>
    /// <exception cref="ArgumentException">A side is below 1.</exception>
    public Tensor Prepare(IReadOnlyList<Image> images, int? height = null, int? width = null, ResizeFilter? filter = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        (int rows, int columns) = (height ?? InputSize, width ?? InputSize);
        if (rows < 1 || columns < 1)
            throw new ArgumentException($"Prepare: a picture has at least one row and column; got {rows}×{columns}.");
        var x = new Tensor(Device, new Shape(images.Count, rows, columns, 3));
        x.Write(0, (values, _) =>
        {
            int each = rows * columns * 3;
            for (int i = 0; i < images.Count; i++)
                Preprocessing.Apply(images[i], rows, columns, filter, values.Slice(i * each, each));
        });
        return x;
    }

    /// <summary>The values of the named layers for pictures, always in inference mode. First axis: the pictures in order.</summary>
    /// <param name="images">Pictures of any size; each is prepared at <see cref="InputSize"/>².</param>
    /// <param name="layers">Names out of <c>AvailableLayers</c>; null takes <see cref="DefaultLayers"/>.</param>
    /// <returns>By name, in network order; float32 [N, H, W, C] or [N, F].</returns>
    /// <exception cref="Layers.UnknownLayerException">A name is not there.</exception>
    public IReadOnlyDictionary<string, Tensor> Extract(IReadOnlyList<Image> images, IReadOnlyList<string>? layers = null)
    {
        Tensor x = Prepare(images);
        IReadOnlyDictionary<string, Tensor> result = Extract(x, layers);
        x.Release();
        return result;
    }

    /// <summary>The values of the named layers for an input that is prepared already and is used as it is, always in inference mode.</summary>
    /// <param name="prepared">float32 [N, H, W, 3].</param>
    /// <param name="layers">Names out of <c>AvailableLayers</c>; null takes <see cref="DefaultLayers"/>.</param>
    /// <exception cref="Layers.UnknownLayerException">A name is not there.</exception>
    /// <exception cref="ShapeException">A layer cannot take what reaches it, as a fully connected layer for another input size.</exception>
    public IReadOnlyDictionary<string, Tensor> Extract(Tensor prepared, IReadOnlyList<string>? layers = null)
    {
        // A plain scope inside a tape suspends recording and training mode.
        using var inference = new Scope();
        var result = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach ((string name, Variable value) in Forward(prepared, layers ?? DefaultLayers))
            result.Add(name, inference.Keep(value.Value));
        return result;
    }

    /// <summary>
    /// Class probabilities of pictures, always in inference mode. Each is prepared at 256²; without oversampling the 224² centre counts, with it the mean over ten crops: the four corners and the
    /// centre, then their mirror images.
    /// </summary>
    /// <param name="images">Pictures of any size.</param>
    /// <param name="oversample">Whether ten crops are averaged.</param>
    /// <param name="filter">Pillow's filter instead of the origin's; null takes the origin's.</param>
    /// <returns>float32 [N, classes].</returns>
    /// <exception cref="InvalidOperationException">The model gives no class probabilities: it has no top, or it labels pixels.</exception>
    public Tensor Predict(IReadOnlyList<Image> images, bool oversample = true, ResizeFilter? filter = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (ProbabilityLayer is not { } layer || LabelsPixels)
            throw new InvalidOperationException($"{this}: Predict gives one probability a class; this model {(ProbabilityLayer is null ? "has no top; load a weight file with one" : "labels pixels; use Extract")}.");
        float[]? means = null;
        for (int i = 0; i < images.Count; i++)
        {
            using var scope = new Scope();
            float[] rows = Extract(Crops(Prepare(images[i], PredictSize, PredictSize, filter), oversample), [layer])[layer].ToArray();
            int crops = oversample ? 10 : 1, classes = rows.Length / crops;
            means ??= new float[images.Count * classes];
            for (int row = 0; row < crops; row++)
            {
                for (int c = 0; c < classes; c++)
                    means[(i * classes) + c] += rows[(row * classes) + c] / crops;
            }
        }
        return Tensor.From(Device, new Shape(images.Count, (means?.Length ?? 0) / Math.Max(images.Count, 1)), means);
    }

    /// <summary>[1, 256, 256, 3] to its centre [1, 224, 224, 3], or to ten crops: top left, top right, bottom left, bottom right, centre, then the mirror images of these.</summary>
    private Tensor Crops(Tensor prepared, bool oversample)
    {
        int crop = InputSize, edge = PredictSize - crop, centre = edge / 2;
        (int Top, int Left)[] places = oversample ? [(0, 0), (0, edge), (edge, 0), (edge, edge), (centre, centre)] : [(centre, centre)];
        float[] pixels = prepared.ToArray();
        var crops = new Tensor(Device, new Shape(oversample ? 10 : 1, crop, crop, 3));
        crops.Write(0, (values, _) =>
        {
            int at = 0;
            foreach (bool mirrored in oversample ? (bool[])[false, true] : [false])
            {
                foreach ((int top, int left) in places)
                {
                    for (int y = 0; y < crop; y++)
                    {
                        for (int x = 0; x < crop; x++, at += 3)
                            pixels.AsSpan((((top + y) * PredictSize) + left + (mirrored ? crop - 1 - x : x)) * 3, 3).CopyTo(values[at..]);
                    }
                }
            }
        });
        return crops;
    }
}
