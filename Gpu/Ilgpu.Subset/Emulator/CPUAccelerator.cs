using System.Diagnostics;
using NativeFree.Gpu;
using NativeFree.Gpu.Emulation;

namespace ILGPU.Runtime.CPU;

/// <summary>The emulator in use. A launch is done when the call returns.</summary>
public sealed class CPUAccelerator : Accelerator
{
    private readonly EmulatorOptions options;

    internal CPUAccelerator(CPUDevice device, EmulatorOptions options)
        : base(device)
    {
        this.options = options;
        DefaultStream = new EmulatorStream(this);
    }

    /// <inheritdoc/>
    public override AcceleratorStream CreateStream() => new EmulatorStream(this);

    /// <inheritdoc/>
    public override void Synchronize()
    {
    }

    internal override MemoryBuffer Allocate(long bytes)
    {
        EmulatedMemory memory = new(this, bytes);
        memory.Poison();
        return memory;
    }

    internal override void Prepare(DeviceKernel kernel)
    {
    }

    internal override void Launch<TFrame>(AcceleratorStream stream, DeviceKernel kernel, Index3D grid, in TFrame frame) =>
        Emulator.Run(kernel, grid, frame, options);

    private protected override void Dispose(bool disposing)
    {
    }

    private sealed unsafe class EmulatorStream(CPUAccelerator accelerator) : AcceleratorStream(accelerator)
    {
        public override void Synchronize()
        {
        }

        public override ProfilingMarker AddProfilingMarker() => new Moment(Stopwatch.GetTimestamp());

        internal override void Write(MemoryBuffer target, nint start, ReadOnlySpan<byte> source) => source.CopyTo(new Span<byte>((void*)start, source.Length));

        internal override void Read(MemoryBuffer source, nint start, Span<byte> target) => new ReadOnlySpan<byte>((void*)start, target.Length).CopyTo(target);

        internal override void Copy(MemoryBuffer source, nint sourceStart, MemoryBuffer target, nint targetStart, long bytes) =>
            Buffer.MemoryCopy((void*)sourceStart, (void*)targetStart, bytes, bytes);

        internal override void Fill(MemoryBuffer target, nint start, long bytes, byte value) =>
            System.Runtime.InteropServices.NativeMemory.Fill((void*)start, (nuint)bytes, value);

        private protected override void Dispose(bool disposing)
        {
        }
    }

    private sealed class Moment(long timestamp) : ProfilingMarker
    {
        private readonly long timestamp = timestamp;

        public override void Synchronize()
        {
        }

        public override TimeSpan MeasureFrom(ProfilingMarker marker) => marker is Moment earlier
            ? Stopwatch.GetElapsedTime(earlier.timestamp, timestamp)
            : throw new ArgumentException("ProfilingMarker.MeasureFrom: both marks are of one accelerator; the other is not the emulator's; mark the same stream twice.");

        private protected override void Dispose(bool disposing)
        {
        }
    }
}
