namespace ILGPU.Runtime.OpenCL;

/// <summary>An in-order command queue.</summary>
internal sealed unsafe class ClStream : AcceleratorStream
{
    private readonly bool profiling;

    public ClStream(CLAccelerator accelerator, bool profiling)
        : base(accelerator)
    {
        this.profiling = profiling;
        const ulong profilingEnable = 2;
        int code;
        Queue = Cl.CreateCommandQueue(accelerator.Context, accelerator.ClDevice.DeviceId, profiling ? profilingEnable : 0, &code);
        Cl.Check(code, "clCreateCommandQueue");
    }

    ~ClStream() => Dispose(false);

    public nint Queue { get; private set; }

    public override void Synchronize() => Cl.Check(Cl.Finish(Queue), "clFinish");

    public override ProfilingMarker AddProfilingMarker()
    {
        if (!profiling)
            throw new InvalidOperationException("AcceleratorStream.AddProfilingMarker: the context stamps times; it was made without Profiling(); add it.");
        nint stamp;
        Cl.Check(Cl.EnqueueMarker(Queue, 0, null, &stamp), "clEnqueueMarkerWithWaitList");
        Cl.Check(Cl.Flush(Queue), "clFlush");
        return new ClMarker(stamp);
    }

    internal override void Write(MemoryBuffer target, nint start, ReadOnlySpan<byte> source)
    {
        fixed (byte* bytes = source)
            Cl.Check(Cl.EnqueueWriteBuffer(Queue, Handle(target), 1, (nuint)start, (nuint)source.Length, bytes, 0, null, null), "clEnqueueWriteBuffer");
    }

    internal override void Read(MemoryBuffer source, nint start, Span<byte> target)
    {
        fixed (byte* bytes = target)
            Cl.Check(Cl.EnqueueReadBuffer(Queue, Handle(source), 1, (nuint)start, (nuint)target.Length, bytes, 0, null, null), "clEnqueueReadBuffer");
    }

    internal override void Copy(MemoryBuffer source, nint sourceStart, MemoryBuffer target, nint targetStart, long bytes) =>
        Cl.Check(Cl.EnqueueCopyBuffer(Queue, Handle(source), Handle(target), (nuint)sourceStart, (nuint)targetStart, (nuint)bytes, 0, null, null), "clEnqueueCopyBuffer");

    internal override void Fill(MemoryBuffer target, nint start, long bytes, byte value) =>
        Cl.Check(Cl.EnqueueFillBuffer(Queue, Handle(target), &value, 1, (nuint)start, (nuint)bytes, 0, null, null), "clEnqueueFillBuffer");

    private protected override void Dispose(bool disposing)
    {
        if (Queue == 0)
            return;
        Cl.ReleaseCommandQueue(Queue);
        Queue = 0;
    }

    private static nint Handle(MemoryBuffer buffer) => ((ClMemory)buffer).Handle is var handle and not 0 ? handle : throw new ObjectDisposedException(nameof(MemoryBuffer));
}
