using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>Where an operator's backward puts the gradients of its inputs.</summary>
public sealed class Gradients
{
    private readonly Variable[] inputs;
    private readonly Tensor?[] made;

    internal Gradients(Variable[] inputs)
    {
        this.inputs = inputs;
        made = new Tensor?[inputs.Length];
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

    internal Tensor? Made(int index) => made[index];

    // The first gradient of a parameter goes straight to its place; an input that is there twice gets its second one elsewhere.
    private Tensor Make(int index) => inputs[index] is Parameter { Gradient: null, RequiresGradient: true, Place: { } place } parameter && Array.IndexOf(inputs, parameter) == index
        ? place.Gradient()
        : new Tensor(inputs[index].Device, inputs[index].Shape);
}
