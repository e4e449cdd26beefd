using NativeFree.Kernels;

namespace NativeFree.Autograd;

public static partial class F
{
    /// <summary>y[n,o] = b[o] + Σᵢ x[n,i]·w[i,o]. Trailing axes of x are flattened in their order, so [N,H,W,C] becomes rows of H·W·C.</summary>
    /// <param name="x">float32 [N, …].</param>
    /// <param name="w">float32 [in, out].</param>
    /// <param name="b">float32 [out], or null.</param>
    /// <returns>float32 [N, out].</returns>
    /// <exception cref="ShapeException">x has no axis, w is not of rank 2, the trailing axes of x do not hold <c>in</c> values, or b is not [out].</exception>
    public static Variable Linear(Variable x, Variable w, Variable? b = null)
    {
        if (x.Shape.Rank < 1 || w.Shape.Rank != 2 || x.Shape.CountFrom(1) != w.Shape[0])
            throw new ShapeException($"Linear: x is [N, …] with as many values a row as w [in, out] has rows; x = {x.Shape}, w = {w.Shape}.");
        if (b is not null)
            ShapeException.RequireEqual("Linear: bias", new Shape(w.Shape[1]), b.Shape);
        var op = new LinearOp();
        return b is null ? op.Apply(x, w) : op.Apply(x, w, b);
    }
}

/// <summary>A matrix product; inputs x, w and perhaps b. Keeps x and w.</summary>
public sealed class LinearOp : Op
{
    /// <inheritdoc/>
    public override string Name => "Linear";

    /// <inheritdoc/>
    protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x)
    {
        Tensor input = saved.Keep(x[0]), w = saved.Keep(x[1]);
        Tensor rows = Rows(input, w);
        var y = new Tensor(w.Device, new Shape(rows.Shape[0], w.Shape[1]));
        y.Device.MatrixMultiply.Multiply(rows, false, w, false, y, new Epilogue(x.Length > 2 ? x[2] : null));
        if (!ReferenceEquals(rows, x[0]))
            rows.Release();
        return y;
    }

    /// <inheritdoc/>
    protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
    {
        Tensor w = saved[1];
        if (g.Wants(0))
        {
            Tensor gx = Rows(g[0], w);
            gy.Device.MatrixMultiply.Multiply(gy, false, w, true, gx, Epilogue.None);
            if (!ReferenceEquals(gx, g[0]))
                gx.Release();
        }
        if (g.Wants(1))
        {
            Tensor x = Rows(saved[0], w);
            gy.Device.MatrixMultiply.Multiply(x, true, gy, false, g[1], Epilogue.None);
            if (!ReferenceEquals(x, saved[0]))
                x.Release();
        }
        if (g.Count > 2 && g.Wants(2))
            gy.Device.Reductions.Sum(gy, 1, gy.Shape[0], gy.Shape[1], 1, g[2]);
    }

    private static Tensor Rows(Tensor x, Tensor w) => x.Shape.Rank == 2 ? x : x.Reshape(new Shape(x.Shape[0], w.Shape[0]));
}
