using NativeFree.Kernels;

namespace NativeFree.Loaders;

/// <summary>Samples that lie in memory, named by their numbers. The epoch changes nothing.</summary>
public sealed class ArrayDataset : IDataset
{
    private readonly float[] x;
    private readonly int[] y;
    private readonly int inputs;
    private readonly int labels;

    /// <summary>Wraps arrays (not copied).</summary>
    /// <param name="x">float32 [N, …inputShape] in C order.</param>
    /// <param name="inputShape">The extents of one input.</param>
    /// <param name="y">int32 [N, …labelShape] in C order; each a class, or −1 for a place that counts for nothing.</param>
    /// <param name="labelShape">The extents of one sample's labels: [] or [H, W].</param>
    /// <param name="classes">Names of the classes.</param>
    /// <exception cref="ShapeException">A sample has no values, or the arrays do not hold the same whole number of samples.</exception>
    /// <exception cref="ArgumentException">A label is neither a class nor −1.</exception>
    public ArrayDataset(float[] x, Shape inputShape, int[] y, Shape labelShape, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(classes);
        if (inputShape.Count == 0 || labelShape.Count == 0 || x.Length % inputShape.Count != 0 || y.Length != x.Length / inputShape.Count * labelShape.Count)
            throw new ShapeException($"ArrayDataset: as many inputs {inputShape} as labels {labelShape}; got {x.Length} and {y.Length} values.");
        (this.x, this.y, InputShape, LabelShape, Classes) = (x, y, inputShape, labelShape, classes);
        (inputs, labels) = ((int)inputShape.Count, (int)labelShape.Count);
        for (int i = 0; i < y.Length; i++)
        {
            if (y[i] < -1 || y[i] >= classes.Count)
                throw new ArgumentException($"ArrayDataset: labels lie in 0 to {classes.Count - 1}, or are −1 for what counts for nothing; sample {i / labels} has {y[i]}.", nameof(y));
        }
    }

    /// <summary>Copies a tensor to host memory and wraps it with its labels.</summary>
    /// <param name="x">float32 [N, …].</param>
    /// <param name="y">int32 [N] or [N, H, W]; each a class, or −1 for a place that counts for nothing.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <exception cref="ShapeException">The first extents differ, or a sample has no values.</exception>
    /// <exception cref="ArgumentException">A label is neither a class nor −1.</exception>
    public ArrayDataset(Tensor x, Labels y, IReadOnlyList<string> classes)
        : this(Rows(x).ToArray(), Inner(x.Shape), Rows(y).Values.ToArray(), Inner(y.Shape), classes)
    {
    }

    /// <inheritdoc/>
    public int Count => x.Length / inputs;

    /// <inheritdoc/>
    public IReadOnlyList<string> Classes { get; }

    /// <inheritdoc/>
    public Shape InputShape { get; }

    /// <inheritdoc/>
    public Shape LabelShape { get; }

    /// <inheritdoc/>
    public string NameOf(int index) => $"sample {index}";

    /// <inheritdoc/>
    public void Read(int index, int epoch, Span<float> x, Span<int> y)
    {
        this.x.AsSpan(index * inputs, inputs).CopyTo(x);
        this.y.AsSpan(index * labels, labels).CopyTo(y);
    }

    private static Tensor Rows(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return x.Shape.Rank > 0 ? x : throw new ShapeException($"ArrayDataset: inputs are [N, …]; got {x.Shape}.");
    }

    private static Labels Rows(Labels y)
    {
        ArgumentNullException.ThrowIfNull(y);
        return y.Shape.Rank > 0 ? y : throw new ShapeException($"ArrayDataset: labels are [N] or [N, H, W]; got {y.Shape}.");
    }

    private static Shape Inner(Shape shape) => new(shape.ToArray().AsSpan(1));
}
