using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// A differentiable operator: its geometry, forward that names what it keeps, backward that computes only the gradients wanted. An object serves one call.
/// </summary>
public abstract class Op
{
    /// <summary>The name in messages and tables, that of the function in <see cref="F"/>.</summary>
    public abstract string Name { get; }

    /// <summary>Computes the result from the inputs' values. What backward will need is named by <see cref="Saved.Keep"/>; it can reach nothing else. Inputs are not written to.</summary>
    protected internal abstract Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x);

    /// <summary>Computes, from the gradient of the result and what forward kept, the gradient of each input for which <see cref="Gradients.Wants"/> says so. <paramref name="gy"/> is written to only as <see cref="Gradients.Over"/> allows.</summary>
    protected internal abstract void Backward(Saved saved, Tensor gy, Gradients g);

    /// <summary>Runs the operator. On a tape it is recorded if an input wants a gradient; off tape nothing is kept.</summary>
    public Variable Apply(params ReadOnlySpan<Variable> inputs) => Tape.Run(this, inputs);
}
