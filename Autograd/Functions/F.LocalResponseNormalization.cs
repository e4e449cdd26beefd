using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>
    /// y[…,c] = x[…,c] / (k + alpha·Σ x[…,j]²)ᵝ, the sum over the channels c − n/2 … c + n/2, cut at the ends. alpha multiplies the sum as it is (Chainer); Caffe's and ONNX's alpha is n times as large.
    /// </summary>
    /// <param name="x">float32, channels last.</param>
    /// <param name="n">Channels in the window: odd, at least 1.</param>
    /// <param name="k">The constant; positive.</param>
    /// <param name="alpha">The weight of the sum; not negative.</param>
    /// <param name="beta">The exponent.</param>
    /// <returns>float32 of the shape of x.</returns>
    /// <exception cref="ShapeException">x has no axis.</exception>
    /// <exception cref="ArgumentOutOfRangeException">n is even or below 1; k is not positive; or alpha is negative or NaN.</exception>
    public static Variable LocalResponseNormalization(Variable x, int n = 5, float k = 2, float alpha = 1e-4f, float beta = 0.75f)
    {
        if (n < 1 || n % 2 == 0)
            throw new ArgumentOutOfRangeException(nameof(n), n, "LocalResponseNormalization: the window is odd and at least 1.");
        if (!(k > 0))
            throw new ArgumentOutOfRangeException(nameof(k), k, "LocalResponseNormalization: k is positive.");
        if (!(alpha >= 0))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "LocalResponseNormalization: alpha is not negative.");
        if (x.Shape.Rank < 1)
            throw new ShapeException("LocalResponseNormalization: x has channels as its last axis; got a scalar.");
        return new LocalResponseNormalizationOp(n, k, alpha, beta).Apply(x);
    }
}

/// <summary>Local response normalization. Keeps x.</summary>
/// <param name="window">Channels in the window.</param>
/// <param name="k">The constant.</param>
/// <param name="alpha">The weight of the sum.</param>
/// <param name="beta">The exponent.</param>
public sealed class LocalResponseNormalizationOp(int window, float k, float alpha, float beta) : Op
{
    /// <summary>Channels in the window.</summary>
    public int Window { get; } = window;

    /// <summary>The constant.</summary>
    public float K { get; } = k;

    /// <summary>The weight of the sum.</summary>
    public float Alpha { get; } = alpha;

    /// <summary>The exponent.</summary>
    public float Beta { get; } = beta;

    /// <inheritdoc/>
    public override string Name => "LocalResponseNormalization";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, x[0].Shape);
        y.Device.Normalization.LocalResponse(Window, K, Alpha, Beta, saved.Keep(x[0]), y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (g.Wants(0))
            gy.Device.Normalization.LocalResponseBackward(Window, K, Alpha, Beta, saved[0], gy, g[0]);
    }
}
