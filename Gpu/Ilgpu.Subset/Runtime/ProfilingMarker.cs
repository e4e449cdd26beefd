namespace ILGPU.Runtime;

/// <summary>A moment in a stream.</summary>
public abstract class ProfilingMarker : IDisposable
{
    private protected ProfilingMarker()
    {
    }

    /// <summary>Waits until the stream got here.</summary>
    public abstract void Synchronize();

    /// <summary>The device's time from <paramref name="marker"/> to this one; waits for both.</summary>
    /// <exception cref="ArgumentException"><paramref name="marker"/> is of another accelerator.</exception>
    public abstract TimeSpan MeasureFrom(ProfilingMarker marker);

    /// <summary>Gives the mark back.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    private protected abstract void Dispose(bool disposing);
}
