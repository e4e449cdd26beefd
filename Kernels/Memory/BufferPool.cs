namespace NativeFree.Kernels;

/// <summary>
/// Keeps returned blocks of device memory for the next tensor of about their size, so that steady work allocates nothing. Sizes are rounded up to
/// eighths of a power of two (at most 12.5 % unused), so that batches of slightly different sizes share blocks.
/// Thread-safe.
/// </summary>
public abstract class BufferPool
{
    // One page of floats: below that the rounding would cost more bookkeeping than memory.
    private const long Smallest = 1024;

    private readonly Dictionary<long, Stack<object>> free = [];
    private bool abandoned;
    private long held;
    private long allocations;
    private long inUse;
    private long peak;

    /// <summary>Bytes of device memory taken from the system and not given back, in use or waiting.</summary>
    public long BytesHeld => Interlocked.Read(ref held);

    /// <summary>Bytes leased to tensors now.</summary>
    public long BytesInUse => Interlocked.Read(ref inUse);

    /// <summary>The largest <see cref="BytesInUse"/> since the last <see cref="ResetPeak"/>.</summary>
    public long PeakBytes => Interlocked.Read(ref peak);

    /// <summary>Bytes that the device has in all: the pool holds no more. Unlimited unless a derived pool knows better; then the system decides.</summary>
    public virtual long Limit => long.MaxValue;

    /// <summary>Bytes that one block may have at most.</summary>
    public virtual long LargestBlock => Limit;

    /// <summary>How many blocks were ever taken from the system: constant while work is steady.</summary>
    public long Allocations => Interlocked.Read(ref allocations);

    /// <summary>Starts measuring <see cref="PeakBytes"/> anew.</summary>
    public void ResetPeak() => Interlocked.Exchange(ref peak, BytesInUse);

    /// <summary>Gives the waiting blocks of a device that nobody can reach back to the system; blocks that are returned later follow at once.</summary>
    ~BufferPool()
    {
        lock (free)
            abandoned = true;
        Trim();
    }

    /// <summary>Gives all waiting blocks back to the system.</summary>
    public void Trim()
    {
        lock (free)
        {
            foreach ((long capacity, Stack<object> blocks) in free)
            {
                while (blocks.TryPop(out object? block))
                    GiveBack(block, capacity);
            }
        }
    }

    /// <summary>Leases a block of at least <paramref name="count"/> floats; its contents are arbitrary.</summary>
    /// <exception cref="DeviceException">The device has no memory left, after the waiting blocks were given back; the message names the bytes asked, held and the limit.</exception>
    public DeviceBuffer Rent(long count)
    {
        long capacity = RoundUp(count);
        object? block = null;
        lock (free)
        {
            if (free.TryGetValue(capacity, out Stack<object>? waiting))
                waiting.TryPop(out block);
        }
        if (block is null)
        {
            block = Allocate(capacity);
            if (block is null)
            {
                Trim();
                block = Allocate(capacity) ?? throw new DeviceException(
                    $"Device memory: a block fits beside what is held; {capacity * sizeof(float)} bytes asked, {BytesHeld} held, {(Limit == long.MaxValue ? "the system gives no more" : $"the limit is {Limit}, {LargestBlock} for one block")}; use a smaller batch.");
            }
            Interlocked.Add(ref held, capacity * sizeof(float));
            Interlocked.Increment(ref allocations);
        }
        long now = Interlocked.Add(ref inUse, capacity * sizeof(float));
        long seen;
        while (now > (seen = Interlocked.Read(ref peak)) && Interlocked.CompareExchange(ref peak, now, seen) != seen)
        {
        }
        OnRent(block, count, capacity);
        return new DeviceBuffer(this, block, Address(block), capacity);
    }

    internal void Return(object block, long capacity)
    {
        Interlocked.Add(ref inUse, -capacity * sizeof(float));
        OnReturn(block, capacity);
        lock (free)
        {
            if (abandoned)
            {
                GiveBack(block, capacity);
                return;
            }
            if (!free.TryGetValue(capacity, out Stack<object>? waiting))
                free.Add(capacity, waiting = []);
            waiting.Push(block);
        }
    }

    internal static long RoundUp(long count)
    {
        if (count <= Smallest)
            return Smallest;
        long step = Math.Max(1L << (63 - (int)long.LeadingZeroCount(count - 1)) >> 3, 1);
        return (count + step - 1) / step * step;
    }

    private object? Allocate(long capacity) => capacity > Math.Min(Limit - BytesHeld, LargestBlock) / sizeof(float) ? null : TryAllocate(capacity);

    private void GiveBack(object block, long capacity)
    {
        Interlocked.Add(ref held, -capacity * sizeof(float));
        Free(block, capacity);
    }

    /// <summary>Hears of a block that goes out for <paramref name="count"/> floats. Tests watch here for what is written outside them.</summary>
    protected virtual void OnRent(object block, long count, long capacity)
    {
    }

    /// <summary>Hears of a block that comes back.</summary>
    protected virtual void OnReturn(object block, long capacity)
    {
    }

    /// <summary>Takes <paramref name="capacity"/> floats from the system; null when there are none.</summary>
    protected abstract object? TryAllocate(long capacity);

    /// <summary>Gives a block back to the system.</summary>
    protected abstract void Free(object block, long capacity);

    /// <summary>The host address of a block, or 0 where it has none.</summary>
    protected abstract nint Address(object block);
}
