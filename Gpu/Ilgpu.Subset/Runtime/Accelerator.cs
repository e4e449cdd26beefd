using System.Runtime.CompilerServices;
using NativeFree.Gpu;
using NativeFree.Gpu.Emulation;

namespace ILGPU.Runtime;

/// <summary>A device in use: its memory, its streams and the kernels compiled for it. Thread-safe; a stream belongs to one thread at a time.</summary>
public abstract class Accelerator : IDisposable
{
    private protected Accelerator(Device device) => Device = device;

    /// <summary>What it was made from.</summary>
    public Device Device { get; }

    /// <summary>The device's own name.</summary>
    public string Name => Device.Name;

    /// <summary>What drives it.</summary>
    public AcceleratorType AcceleratorType => Device.AcceleratorType;

    /// <summary>Work-items that a group may have at most.</summary>
    public int MaxNumThreadsPerGroup => Device.MaxNumThreadsPerGroup;

    /// <summary>Bytes of shared memory that a group may have at most.</summary>
    public int MaxSharedMemoryPerGroup => Device.MaxSharedMemoryPerGroup;

    /// <summary>Units that run groups side by side.</summary>
    public int NumMultiprocessors => Device.NumMultiprocessors;

    /// <summary>Bytes of device memory.</summary>
    public long MemorySize => Device.MemorySize;

    /// <summary>The stream that is there from the start.</summary>
    public AcceleratorStream DefaultStream { get; private protected set; } = null!;

    /// <summary>Takes memory for <paramref name="length"/> elements.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    /// <exception cref="OutOfMemoryException">The device has not enough left.</exception>
    public MemoryBuffer1D<T, Stride1D.Dense> Allocate1D<T>(long length)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        MemoryBuffer memory = Allocate(checked(length * Unsafe.SizeOf<T>()));
        return new MemoryBuffer1D<T, Stride1D.Dense>(memory, memory is EmulatedMemory emulated ? emulated.Address : 0, length);
    }

    /// <summary>Makes another stream; work in different streams has no order.</summary>
    public abstract AcceleratorStream CreateStream();

    /// <summary>Waits until all work of all streams is done.</summary>
    public abstract void Synchronize();

    /// <summary>Gives streams, kernels and the device back.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    internal abstract MemoryBuffer Allocate(long bytes);

    /// <summary>Compiles a kernel now instead of at its first launch.</summary>
    internal abstract void Prepare(DeviceKernel kernel);

    internal abstract void Launch<TFrame>(AcceleratorStream stream, DeviceKernel kernel, Index3D grid, in TFrame frame)
        where TFrame : struct, IKernelFrame;

    private protected abstract void Dispose(bool disposing);
}
