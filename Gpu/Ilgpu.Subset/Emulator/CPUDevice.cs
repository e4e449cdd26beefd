using NativeFree.Gpu.Emulation;

namespace ILGPU.Runtime.CPU;

/// <summary>The emulator: runs every kernel as C# on any machine, to prove it, not for speed.</summary>
public sealed class CPUDevice : Device
{
    // The smallest limits that OpenCL devices commonly have, so that a kernel that runs here does not ask too much of them.
    private const int GroupLimit = 1024;
    private const int SharedLimit = 32 * 1024;

    /// <summary>The emulator with as many threads as the machine has cores.</summary>
    public CPUDevice()
        : base(AcceleratorType.CPU, "Emulator")
    {
        MemorySize = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        MaxNumThreadsPerGroup = GroupLimit;
        MaxSharedMemoryPerGroup = SharedLimit;
        NumMultiprocessors = Environment.ProcessorCount;
    }

    /// <inheritdoc/>
    public override Accelerator CreateAccelerator(Context context) => CreateAccelerator(new EmulatorOptions());

    /// <summary>An emulator with its own options.</summary>
    public CPUAccelerator CreateAccelerator(EmulatorOptions options) => new(this, options);
}
