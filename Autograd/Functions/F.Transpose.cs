using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>Axis i of y is axis axes[i] of x.</summary>
    /// <param name="x">float32, any shape.</param>
    /// <param name="axes">A permutation of 0 … rank − 1.</param>
    /// <returns>float32 with the extents in that order.</returns>
    /// <exception cref="ShapeException"><paramref name="axes"/> is no such permutation.</exception>
    public static Variable Transpose(Variable x, params ReadOnlySpan<int> axes) => new TransposeOp(axes.ToArray(), Permutation.Permuted(x.Shape, axes)).Apply(x);
}

/// <summary>Axes in another order. Keeps nothing.</summary>
/// <param name="axes">The permutation.</param>
/// <param name="shape">The shape of y.</param>
public sealed class TransposeOp(int[] axes, Shape shape) : Op
{
    /// <summary>The permutation.</summary>
    public IReadOnlyList<int> Axes => axes;

    /// <inheritdoc/>
    public override string Name => "Transpose";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        var y = new Tensor(x[0].Device, shape);
        y.Device.Elementwise.Permute(x[0], axes, y);
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        if (!g.Wants(0))
            return;
        int[] back = new int[axes.Length];
        for (int i = 0; i < axes.Length; i++)
            back[axes[i]] = i;
        gy.Device.Elementwise.Permute(gy, back, g[0]);
    }
}
