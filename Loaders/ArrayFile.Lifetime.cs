namespace NativeFree.Loaders;

public abstract partial class ArrayFile
{
    /// <summary>One for the open file and one for each read under way; the bytes go when it reaches zero, since a mapped file must not
    /// vanish under a reader.</summary>
    private int users = 1;

    private int disposed;

    /// <summary>Lets the file go as soon as reads under way are done. Entries stay valid as descriptions, further reads throw
    /// <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            Release();
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the bytes; called once.</summary>
    private protected abstract void Close();

    private void Enter()
    {
        int seen = Volatile.Read(ref users);
        while (disposed == 0 && seen > 0)
        {
            int before = Interlocked.CompareExchange(ref users, seen + 1, seen);
            if (before == seen)
            {
                return;
            }
            seen = before;
        }
        throw new ObjectDisposedException(Path);
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref users) == 0)
        {
            Close();
        }
    }
}
