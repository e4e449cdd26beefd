using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>
/// y_c = x_c · (k + alpha · Σ x_j²)^(−beta) over the <c>size</c> channels j around c. alpha multiplies the sum itself, as in Chainer; Caffe divides it by size first. Krizhevsky et al., NIPS 2012.
/// </summary>
/// <param name="size">Channels in the sum, odd.</param>
/// <param name="k">Offset.</param>
/// <param name="alpha">Factor of the sum.</param>
/// <param name="beta">Exponent.</param>
public sealed class LocalResponseNormalization(int size = 5, float k = 2, float alpha = 1e-4f, float beta = 0.75f) : Layer
{
    /// <summary>Channels in the sum.</summary>
    public int Size => size;

    /// <summary>Offset.</summary>
    public float K => k;

    /// <summary>Factor of the sum.</summary>
    public float Alpha => alpha;

    /// <summary>Exponent.</summary>
    public float Beta => beta;

    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => F.LocalResponseNormalization(x, size, k, alpha, beta);

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x) => x;
}
