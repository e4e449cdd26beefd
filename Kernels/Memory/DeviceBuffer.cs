namespace NativeFree.Kernels;

/// <summary>
/// A lease on a block of a device's memory, shared by the tensors that view it. When the last of them lets go, or nobody can reach it any more,
/// the block returns to its pool.
/// </summary>
public sealed class DeviceBuffer
{
    private readonly BufferPool pool;
    private object? block;
    private int users = 1;

    internal DeviceBuffer(BufferPool pool, object block, nint address, long capacity)
    {
        this.pool = pool;
        this.block = block;
        Address = address;
        Capacity = capacity;
    }

    /// <summary>Returns the block of a buffer that nobody released.</summary>
    ~DeviceBuffer() => Return();

    /// <summary>Floats in the block; at least what was asked for.</summary>
    public long Capacity { get; }

    /// <summary>The block's host address on a CPU device, 64-byte aligned; 0 on others.</summary>
    internal nint Address { get; private set; }

    /// <summary>The device's own handle of the block.</summary>
    /// <exception cref="ObjectDisposedException">The block went back to its pool.</exception>
    internal object Block => block ?? throw new ObjectDisposedException(nameof(Tensor), "Tensor: its memory went back to the pool when its scope ended; keep it with Scope.Keep.");

    internal bool IsReleased => block is null;

    /// <summary>Whether more than one tensor sees this block, so that none may write into it as its own.</summary>
    internal bool IsShared => Volatile.Read(ref users) > 1;

    internal void AddUser() => Interlocked.Increment(ref users);

    internal void Release()
    {
        if (Interlocked.Decrement(ref users) == 0)
        {
            Return();
            GC.SuppressFinalize(this);
        }
    }

    private void Return()
    {
        if (Interlocked.Exchange(ref block, null) is { } returned)
        {
            Address = 0;
            pool.Return(returned, Capacity);
        }
    }
}
