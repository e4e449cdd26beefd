using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// A value that training changes: a variable with a name and an update rule of its own. It may wait for its shape until the first call of its layer. Its value belongs to no scope.
/// </summary>
public sealed class Parameter : Variable
{
    private int replaced;

    /// <summary>A parameter that gets its value later, through <see cref="Initialize"/>.</summary>
    /// <param name="name">The name within its layer, such as <c>W</c>.</param>
    public Parameter(string name) : base((Tensor?)null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Path = name;
    }

    /// <summary>A parameter with a value.</summary>
    /// <param name="name">The name within its layer, such as <c>W</c>.</param>
    /// <param name="value">float32; from now on it belongs to the parameter.</param>
    public Parameter(string name, Tensor value) : this(name) => Initialize(value);

    /// <summary>The name within its layer.</summary>
    public string Name { get; }

    /// <summary>The names of the layers around it and its own, joined by <c>/</c>: <c>res2/a/conv1/W</c>. Set by the layer tree; the name alone before.</summary>
    public string Path { get; set; }

    /// <summary>Whether the value is there.</summary>
    public bool IsInitialized => HasValue;

    /// <summary>What the optimizer's learning rate is multiplied by for this parameter; 1 unless set, not negative.</summary>
    public float LearningRateScale { get; set; } = 1;

    /// <summary>Whether training leaves it as it is. A frozen parameter wants no gradient, and no backward work is done for it.</summary>
    public bool Frozen { get; set; }

    /// <inheritdoc/>
    public override bool RequiresGradient => !Frozen;

    /// <summary>Grows with every change of the value, so that a packed copy can tell whether it is stale.</summary>
    public long Version => ((long)replaced << 32) + (HasValue ? Value.Version : 0);

    /// <summary>Where an optimizer has laid the value beside those of others; null where it has not, or the value is another one since.</summary>
    internal ParameterPlace? Place { get; private set; }

    /// <summary>Gives the parameter its value, or another one; the gradient is dropped.</summary>
    /// <param name="value">float32; from now on it belongs to the parameter.</param>
    public void Initialize(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ClearGradient();
        Value = Scope.Detach(value);
        Place = null;
        replaced++;
    }

    /// <summary>Moves the value, which stays the tensor that it is, to <paramref name="memory"/>; gradients are made at <paramref name="place"/> from now on, that which is there now moves with the next update.</summary>
    internal void Settle(Tensor memory, ParameterPlace place)
    {
        JoinedTensors.Copy(Value, memory);
        Value.MoveTo(memory);
        Place = place;
    }

    /// <summary>Sees to it that there is a gradient, zeros where none was made, and that it lies at the parameter's place where that has one.</summary>
    internal void SettleGradient()
    {
        if (Gradient is null)
        {
            Gradient = Place?.Gradient() ?? Scope.Detach(new Tensor(Device, Shape));
            Gradient.Fill(0);
        }
        else if (Place is { } place && !place.Holds(Gradient))
        {
            Tensor settled = place.Gradient();
            JoinedTensors.Move(Gradient, settled);
            Gradient = settled;
        }
    }

    /// <summary>Path and shape.</summary>
    public override string ToString() => HasValue ? $"{Path} {Value.Shape}" : $"{Path} (no shape yet)";
}
