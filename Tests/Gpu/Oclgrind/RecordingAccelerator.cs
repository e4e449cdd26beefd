using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using NativeFree.Gpu;
using NativeFree.Gpu.Emulation;

namespace NativeFree.Tests.Gpu;

/// <summary>The emulator, which also writes down for each kernel the launch that suits a slow simulator best: several groups, little memory.</summary>
internal sealed class RecordingAccelerator : Accelerator
{
    // A simulator does some ten million instructions a second.
    private const int MostWords = 6000;
    private const int MostItems = 2600;

    private readonly CPUAccelerator emulator = new CPUDevice().CreateAccelerator(new EmulatorOptions { Threads = 1 });

    public RecordingAccelerator() : base(new CPUDevice()) => DefaultStream = new Stream(this, emulator.DefaultStream);

    public Dictionary<string, RecordedLaunch> Launches { get; } = [];

    /// <summary>The kernels launched, in order; launches of no group are none.</summary>
    public List<string> Log { get; } = [];

    public override AcceleratorStream CreateStream() => new Stream(this, emulator.CreateStream());

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

    internal override void Launch<TFrame>(AcceleratorStream stream, DeviceKernel kernel, Index3D grid, in TFrame frame)
    {
        RecordedLaunch launch = new(kernel, grid, frame);
        if (launch.Groups > 0)
            Log.Add(kernel.Name);
        if (!Launches.TryGetValue(kernel.Name, out RecordedLaunch? other) || Rank(launch).CompareTo(Rank(other)) > 0)
            Launches[kernel.Name] = launch;
        Emulator.Run(kernel, grid, frame, new EmulatorOptions { Threads = 1 });
    }

    private protected override void Dispose(bool disposing) => emulator.Dispose();

    // Small enough first; then the one with more groups; of too big ones the smallest.
    private static (int Fits, long Size) Rank(RecordedLaunch launch)
    {
        long items = launch.Groups * launch.Kernel.Group.Size;
        bool fits = launch.Words <= MostWords && items <= MostItems;
        return fits ? (1, (launch.Groups * MostWords) + launch.Words) : (0, -launch.Words - items);
    }

    private sealed class Stream(Accelerator accelerator, AcceleratorStream emulated) : AcceleratorStream(accelerator)
    {
        public override void Synchronize()
        {
        }

        public override ProfilingMarker AddProfilingMarker() => emulated.AddProfilingMarker();

        internal override void Write(MemoryBuffer target, nint start, ReadOnlySpan<byte> source) => emulated.Write(target, start, source);

        internal override void Read(MemoryBuffer source, nint start, Span<byte> target) => emulated.Read(source, start, target);

        internal override void Copy(MemoryBuffer source, nint sourceStart, MemoryBuffer target, nint targetStart, long bytes) => emulated.Copy(source, sourceStart, target, targetStart, bytes);

        internal override void Fill(MemoryBuffer target, nint start, long bytes, byte value) => emulated.Fill(target, start, bytes, value);

        private protected override void Dispose(bool disposing)
        {
        }
    }
}
