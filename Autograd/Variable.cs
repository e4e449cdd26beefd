using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// A tensor as operators see it: its value, whether a gradient is wanted for it, and the gradient once <see cref="Tape.Backward"/> has made one. The result of an operator wants a gradient when one of its inputs does.
/// </summary>
public class Variable
{
    private Tensor? value;

    /// <summary>Wraps <paramref name="value"/>.</summary>
    /// <param name="value">float32, any shape.</param>
    /// <param name="requiresGradient">Whether <see cref="Tape.Backward"/> is to fill <see cref="Gradient"/>.</param>
    public Variable(Tensor value, bool requiresGradient = false)
    {
        ArgumentNullException.ThrowIfNull(value);
        this.value = value;
        RequiresGradient = requiresGradient;
    }

    private protected Variable(Tensor? value) => this.value = value;

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">It is a parameter whose shape is not known before the first call of its layer.</exception>
    public Tensor Value
    {
        get => value ?? throw new InvalidOperationException($"{this}: it gets its shape at the first call of its layer; run the model once, or load weights.");
        private protected set => this.value = value;
    }

    /// <summary>The extents of the value.</summary>
    public Shape Shape => Value.Shape;

    /// <summary>Where the value lies.</summary>
    public Device Device => Value.Device;

    /// <summary>Whether a gradient is wanted.</summary>
    public virtual bool RequiresGradient { get; }

    /// <summary>
    /// ∂/∂value of what <see cref="Tape.Backward"/> started from, of the value's shape; null before, and for results of operators unless <see cref="KeepGradient"/> is set. Gradients of several passes add up. A
    /// parameter's gradient outlives the tape, any other ends with it.
    /// </summary>
    public Tensor? Gradient { get; internal set; }

    /// <summary>Whether the gradient of an operator's result stays until the tape ends, instead of being freed once it has been passed on.</summary>
    public bool KeepGradient { get; set; }

    /// <summary>What made the value on a tape; null for leaves.</summary>
    internal TapeRecord? Producer { get; set; }

    /// <summary>Whether an operator made the value, on a tape or off.</summary>
    internal bool IsResult { get; init; }

    private protected bool HasValue => value is not null;

    /// <summary>
    /// Says that the caller will not read this result again: its memory goes back at once, or, where an operator on the tape kept it, as soon as the backward pass has used it. Does nothing for a value that no operator made.
    /// </summary>
    public void Release()
    {
        if (IsResult && value is { Readers: 0 })
            value.Release();
    }

    /// <summary>Drops the gradient and gives its memory back.</summary>
    public void ClearGradient()
    {
        Gradient?.Release();
        Gradient = null;
    }

    /// <summary>The shape.</summary>
    public override string ToString() => value is null ? "Variable without value" : $"Variable {value.Shape}";

    /// <summary>A tensor as a variable that wants no gradient.</summary>
    public static implicit operator Variable(Tensor value) => new(value);
}
