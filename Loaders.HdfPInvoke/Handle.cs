namespace NativeFree.Loaders;

/// <summary>An identifier of the HDF5 library, closed by the function of its kind.</summary>
internal readonly struct Handle(long id, Func<long, int> close) : IDisposable
{
    public long Id => id;

    /// <summary>Negative where the call that gave it failed.</summary>
    public bool IsOpen => id >= 0;

    public void Dispose()
    {
        if (IsOpen)
            close(id);
    }
}
