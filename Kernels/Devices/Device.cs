namespace NativeFree.Kernels;

/// <summary>
/// Owns memory and the primitive families. Thread-safe: several threads may compute on one device at a time. Results are bit-identical from run to run and
/// for any thread count on a given machine and vector width.
/// </summary>
public abstract class Device
{
    private static readonly Lazy<Device> Automatic = new(static () => DeviceCatalog.Open("auto"));

    /// <summary>A real GPU if there is one, else the CPU. An OpenCL device that is itself a CPU is used only when asked for. Drivers are asked at the first use; one device serves the whole process.</summary>
    public static Device Default => Automatic.Value;

    /// <summary>A name for people: processor or card, driver, width in use.</summary>
    public abstract string Name { get; }

    /// <summary>What drives the device.</summary>
    public abstract DeviceKind Kind { get; }

    /// <summary>The device's memory.</summary>
    public abstract BufferPool Pool { get; }

    /// <summary>Convolution and its two gradients; transposed convolution is its input gradient.</summary>
    public abstract IConvolution Convolution { get; }

    /// <summary>Matrix products.</summary>
    public abstract IMatrixMultiply MatrixMultiply { get; }

    /// <summary>Work on single elements, and moving them.</summary>
    public abstract IElementwise Elementwise { get; }

    /// <summary>Batch normalization and local response normalization.</summary>
    public abstract INormalization Normalization { get; }

    /// <summary>Max and average pooling.</summary>
    public abstract IPooling Pooling { get; }

    /// <summary>Sums, softmax, largest values.</summary>
    public abstract IReductions Reductions { get; }

    /// <summary>Changing the size of activations.</summary>
    public abstract IResampling Resampling { get; }

    /// <summary>The update rules of training.</summary>
    public abstract IOptimizers Optimizers { get; }

    /// <summary>Which neighbouring operators run as one while training: there each of them would be a pass over memory of its own.</summary>
    public Fusions Fusions =>
        (FusedNormalization is null ? Fusions.None : Fusions.NormalizeAddRelu) | (FusedNormalization is { TakesReluAlone: true } ? Fusions.NormalizeRelu : Fusions.None) | (FusedBranches is null ? Fusions.None : Fusions.ConvolutionBranches);

    /// <summary>
    /// Whether an optimizer lays parameters, their gradients and what it keeps for them one behind another, so that one launch updates them all: worth the memory that the gradients then hold between steps where a launch costs
    /// more than a call.
    /// </summary>
    internal virtual bool JoinsParameters => false;

    /// <summary>Normalization with what follows it, or null where the device has no such kernels.</summary>
    internal virtual IFusedNormalization? FusedNormalization => null;

    /// <summary>Convolutions into one result, or null where the device has no such kernels.</summary>
    internal virtual IFusedBranches? FusedBranches => null;

    /// <summary>Throws where a tensor lies on another device.</summary>
    /// <exception cref="DeviceException">A tensor is not on this device.</exception>
    internal void Expect(string where, params ReadOnlySpan<Tensor?> tensors)
    {
        foreach (Tensor? tensor in tensors)
        {
            if (tensor is not null && !ReferenceEquals(tensor.Device, this))
                throw new DeviceException($"{where}: all tensors lie on one device; the operation runs on {Name}, {tensor.Shape} lies on {tensor.Device.Name}; copy it with To(device).");
        }
    }

    /// <summary>Copies host values into a tensor of the same count.</summary>
    internal abstract void Upload(ReadOnlySpan<float> values, Tensor destination);

    /// <summary>Copies a tensor's values to the host; the destination is long enough.</summary>
    internal abstract void Download(Tensor source, Span<float> destination);

    /// <summary>Sets every element.</summary>
    internal abstract void Fill(Tensor tensor, float value);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
