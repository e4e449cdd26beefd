namespace ILGPU.Runtime;

/// <summary>A queue of copies and kernels, done one after another. One thread at a time.</summary>
public abstract class AcceleratorStream : IDisposable
{
    private protected AcceleratorStream(Accelerator accelerator) => Accelerator = accelerator;

    /// <summary>Whose stream it is.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>Waits until everything queued so far is done.</summary>
    public abstract void Synchronize();

    /// <summary>Queues a mark that is stamped with the device's time; <see cref="ProfilingMarker.MeasureFrom"/> of two gives the time between.</summary>
    /// <exception cref="InvalidOperationException">The context was made without <c>Profiling()</c>.</exception>
    public abstract ProfilingMarker AddProfilingMarker();

    /// <summary>Gives the queue back.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    internal abstract void Write(MemoryBuffer target, nint start, ReadOnlySpan<byte> source);

    internal abstract void Read(MemoryBuffer source, nint start, Span<byte> target);

    internal abstract void Copy(MemoryBuffer source, nint sourceStart, MemoryBuffer target, nint targetStart, long bytes);

    internal abstract void Fill(MemoryBuffer target, nint start, long bytes, byte value);

    private protected abstract void Dispose(bool disposing);
}
