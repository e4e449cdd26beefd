using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>y[n,o] = b[o] + Σᵢ x[n,i]·W[i,o]. x float32 [N, I], or of more axes, which are flattened in H, W, C order; W [I, O], b [O], y [N, O].</summary>
public sealed class Linear : Layer
{
    /// <summary>Describes the layer; W takes memory later.</summary>
    /// <param name="inputs">I, or null to take it from the first input.</param>
    /// <param name="outputs">O.</param>
    /// <param name="bias">Whether b is added.</param>
    /// <param name="initializer">First values of W; <see cref="Initializer.LeCunNormal"/> when null. b starts at 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public Linear(int? inputs, int outputs, bool bias = true, Initializer? initializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs ?? 1, 1, nameof(inputs));
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        Outputs = outputs;
        W = AddParameter("W", inputs is { } known ? new Shape(known, outputs) : null, initializer ?? Initializer.LeCunNormal, static w => (w[0], w[1]));
        B = bias ? AddParameter("b", new Shape(outputs), Initializer.Zero) : null;
    }

    /// <summary>O.</summary>
    public int Outputs { get; }

    /// <summary>The matrix, [I, O].</summary>
    public Parameter W { get; }

    /// <summary>The bias, [O], or null.</summary>
    public Parameter? B { get; }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x)
    {
        long inputs = ShapeOf(W)?[0] ?? x.CountFrom(1);
        if (x.Rank < 2 || x.CountFrom(1) != inputs)
            throw new ShapeException($"Linear: takes {inputs} inputs a row; x = {x} has {(x.Rank < 2 ? 0 : x.CountFrom(1))}.");
        return new Shape(x[0], Outputs);
    }

    /// <inheritdoc/>
    public override long Flops(Shape x) => 2 * x.Count * Outputs;

    /// <inheritdoc/>
    protected override void Learn(Shape x)
    {
        OutputShape(x);
        FixShape(W, new Shape(checked((int)x.CountFrom(1)), Outputs));
    }

    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => F.Linear(x, W, B);
}
