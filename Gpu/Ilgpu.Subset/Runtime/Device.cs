namespace ILGPU.Runtime;

/// <summary>A device that an accelerator can be made from.</summary>
public abstract class Device
{
    private protected Device(AcceleratorType type, string name)
    {
        AcceleratorType = type;
        Name = name;
    }

    /// <summary>What drives it.</summary>
    public AcceleratorType AcceleratorType { get; }

    /// <summary>Its own name.</summary>
    public string Name { get; }

    /// <summary>Bytes of memory.</summary>
    public long MemorySize { get; private protected init; }

    /// <summary>Work-items that a group may have at most.</summary>
    public int MaxNumThreadsPerGroup { get; private protected init; }

    /// <summary>Bytes of shared memory that a group may have at most.</summary>
    public int MaxSharedMemoryPerGroup { get; private protected init; }

    /// <summary>Units that run groups side by side.</summary>
    public int NumMultiprocessors { get; private protected init; }

    /// <summary>Puts the device to use.</summary>
    /// <exception cref="NativeFree.Gpu.DeviceDriverException">The driver refuses.</exception>
    public abstract Accelerator CreateAccelerator(Context context);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{AcceleratorType}]";
}
