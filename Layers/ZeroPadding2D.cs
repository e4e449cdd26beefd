using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>Rows and columns of zeros around [N, H, W, C]. Keras's ResNets pad in layers of their own, with zeros before the max pooling too.</summary>
public sealed class ZeroPadding2D : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="pad">Rows and columns on every side, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="pad"/> is negative.</exception>
    public ZeroPadding2D(int pad)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pad);
        Pad = pad;
    }

    /// <summary>Rows and columns on every side.</summary>
    public int Pad { get; }

    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => F.Pad2D(x, Padding.All(Pad));

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x)
    {
        if (x.Rank != 4)
            throw new ShapeException($"ZeroPadding2D: x is [N, H, W, C]; got {x}.");
        return new Shape(x[0], checked(x[1] + (2 * Pad)), checked(x[2] + (2 * Pad)), x[3]);
    }
}
