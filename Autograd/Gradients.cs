using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>Where an operator's backward puts the gradients of its inputs.</summary>
public sealed class Gradients
{
    private readonly Variable[] inputs;
    private readonly Tensor?[] made;
    private readonly bool[] added;
    private Tensor? spare;

    /// <summary>Gradients of these inputs.</summary>
    /// <param name="inputs">The operator's inputs.</param>
    /// <param name="spare">The gradient that arrives, if nobody reads it after this operator.</param>
    internal Gradients(Variable[] inputs, Tensor? spare)
    {
        this.inputs = inputs;
        this.spare = spare;
        made = new Tensor?[inputs.Length];
        added = new bool[inputs.Length];
    }

    /// <summary>The tensor to write the gradient of input <paramref name="index"/> into: of the input's shape, contents arbitrary.</summary>
    public Tensor this[int index] => made[index] ??= Make(index);

    /// <summary>Number of inputs.</summary>
    public int Count => inputs.Length;

    /// <summary>Whether the gradient of input <paramref name="index"/> is wanted.</summary>
    public bool Wants(int index) => inputs[index].RequiresGradient;

    /// <summary>Gives the values of <paramref name="gradient"/>, seen with the input's shape, as the gradient of input <paramref name="index"/>, without a copy; they are not written to.</summary>
    /// <exception cref="ShapeException">The element counts differ.</exception>
    public void Pass(int index, Tensor gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        made[index] = gradient.Reshape(inputs[index].Shape);
    }

    /// <summary>
    /// As the indexer, for a gradient each of whose elements can be written as soon as the same element of <paramref name="gy"/> has been read: its memory, where its shape is the input's and nobody reads it after this operator; else memory
    /// of its own.
    /// </summary>
    /// <param name="index">The input.</param>
    /// <param name="gy">The gradient that arrived; not to be read again where the result is the same tensor.</param>
    public Tensor Over(int index, Tensor gy)
    {
        ArgumentNullException.ThrowIfNull(gy);
        if (made[index] is null && ReferenceEquals(gy, spare) && gy.Shape == inputs[index].Shape && inputs[index] is not Parameter)
        {
            made[index] = gy;
            spare = null;
        }
        return this[index];
    }

    /// <summary>
    /// What input <paramref name="index"/> has as its gradient already, from operators that used it later, or null. If it is not null this operator adds it to its own: each element, last, to the tensor that the indexer gives, which may
    /// be the same one; the tape then does not.
    /// </summary>
    /// <param name="index">The input.</param>
    public Tensor? Begun(int index)
    {
        Variable input = inputs[index];
        if (made[index] is not null || input is Parameter || input.Gradient is not { } sum || inputs.Count(other => ReferenceEquals(other, input)) > 1)
            return null;
        added[index] = true;
        if (!sum.Buffer.IsShared)
            made[index] = sum;
        return sum;
    }

    internal Tensor? Made(int index) => made[index];

    /// <summary>Whether the gradient made for an input holds what the input had already.</summary>
    internal bool Added(int index) => added[index];

    // The first gradient of a parameter goes straight to its place; an input that is there twice gets its second one elsewhere.
    private Tensor Make(int index) => inputs[index] is Parameter { Gradient: null, RequiresGradient: true, Place: { } place } parameter && Array.IndexOf(inputs, parameter) == index
        ? place.Gradient()
        : new Tensor(inputs[index].Device, inputs[index].Shape);
}
