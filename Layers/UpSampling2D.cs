using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>Every pixel repeated: y[n,p,q,c] = x[n, ⌊p / factor⌋, ⌊q / factor⌋, c]. Keras's layer of this name.</summary>
public sealed class UpSampling2D : Layer
{
    /// <summary>Describes the layer.</summary>
    /// <param name="factor">Rows and columns that one pixel becomes, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is below 1.</exception>
    public UpSampling2D(int factor = 2)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        Factor = factor;
    }

    /// <summary>Rows and columns that one pixel becomes.</summary>
    public int Factor { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x)
    {
        if (x.Rank != 4)
            throw new ShapeException($"UpSampling2D: x is [N, H, W, C]; got {x}.");
        return new Shape(x[0], checked(x[1] * Factor), checked(x[2] * Factor), x[3]);
    }

    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => F.UpsampleNearest2D(x, (Factor, Factor));
}
