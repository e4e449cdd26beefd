using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>The box of <paramref name="size"/> that starts at <paramref name="begin"/>: y[j] = x[begin + j], axis by axis.</summary>
    /// <param name="x">float32, any shape.</param>
    /// <param name="begin">Where the box starts, one number an axis.</param>
    /// <param name="size">Its extents, one number an axis.</param>
    /// <returns>float32 of <paramref name="size"/>.</returns>
    /// <exception cref="ShapeException">There is not one number an axis, or the box does not lie inside x.</exception>
    public static Variable Slice(Variable x, ReadOnlySpan<int> begin, ReadOnlySpan<int> size)
    {
        if (begin.Length != x.Shape.Rank || size.Length != x.Shape.Rank)
            throw new ShapeException($"Slice: begin and size have one number an axis; got {begin.Length} and {size.Length} for {x.Shape}.");
        for (int i = 0; i < begin.Length; i++)
        {
            if (begin[i] < 0 || size[i] < 0 || (long)begin[i] + size[i] > x.Shape[i])
                throw new ShapeException($"Slice: the box lies inside x; {size[i]} from {begin[i]} on axis {i} of {x.Shape}.");
        }
        return new BoxOp("Slice", begin.ToArray(), new int[begin.Length], size.ToArray(), new Shape(size)).Apply(x);
    }

    /// <summary>Rows top … top + height − 1 and columns left … left + width − 1 of every image.</summary>
    /// <param name="x">float32 [N, H, W, C].</param>
    /// <param name="top">First row.</param>
    /// <param name="left">First column.</param>
    /// <param name="height">Rows kept.</param>
    /// <param name="width">Columns kept.</param>
    /// <returns>float32 [N, height, width, C].</returns>
    /// <exception cref="ShapeException">x is not of rank 4, or the box does not lie inside the image.</exception>
    public static Variable Crop(Variable x, int top, int left, int height, int width)
    {
        if (x.Shape.Rank != 4)
            throw new ShapeException($"Crop: x is [N, H, W, C]; got {x.Shape}.");
        return Slice(x, [0, top, left, 0], [x.Shape[0], height, width, x.Shape[3]]);
    }

    /// <summary>Zeros (or another value) around every image.</summary>
    /// <param name="x">float32 [N, H, W, C].</param>
    /// <param name="padding">Rows and columns to add, not negative.</param>
    /// <param name="value">What the new pixels hold.</param>
    /// <returns>float32 [N, top + H + bottom, left + W + right, C].</returns>
    /// <exception cref="ShapeException">x is not of rank 4, or a padding is negative.</exception>
    public static Variable Pad2D(Variable x, Padding padding, float value = 0)
    {
        if (x.Shape.Rank != 4 || padding.Top < 0 || padding.Left < 0 || padding.Bottom < 0 || padding.Right < 0)
            throw new ShapeException($"Pad2D: x is [N, H, W, C] and padding is not negative; got {x.Shape}, {padding}.");
        var padded = new Shape(x.Shape[0], checked(padding.Top + x.Shape[1] + padding.Bottom), checked(padding.Left + x.Shape[2] + padding.Right), x.Shape[3]);
        return new BoxOp("Pad2D", [0, 0, 0, 0], [0, padding.Top, padding.Left, 0], x.Shape.ToArray(), padded, value).Apply(x);
    }
}

/// <summary>A box of x put into a result that holds a constant elsewhere: slices, crops, pads. Keeps nothing; the gradient is the box the other way, 0 elsewhere.</summary>
/// <param name="name">The function's name.</param>
/// <param name="from">Where the box lies in x.</param>
/// <param name="to">Where it lies in y.</param>
/// <param name="size">Its extents.</param>
/// <param name="shape">The shape of y.</param>
/// <param name="value">What y holds outside the box.</param>
public sealed class BoxOp(string name, int[] from, int[] to, int[] size, Shape shape, float value = 0) : Op
{
    /// <summary>Where the box lies in x.</summary>
    public IReadOnlyList<int> From => from;

    /// <summary>Where it lies in y.</summary>
    public IReadOnlyList<int> To => to;

    /// <summary>Its extents.</summary>
    public IReadOnlyList<int> Size => size;

    /// <summary>The shape of y.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>What y holds outside the box.</summary>
    public float Value { get; } = value;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x) => Move(x[0], from, new Tensor(x[0].Device, Shape), to, Value);

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            Move(gy, to, g[0], from, 0);
    }

    private Tensor Move(Tensor source, int[] begin, Tensor destination, int[] place, float elsewhere)
    {
        if (!new Shape(size).Equals(destination.Shape))
            destination.Fill(elsewhere);
        destination.Device.Elementwise.CopyBox(source, begin, destination, place, size);
        return destination;
    }
}
