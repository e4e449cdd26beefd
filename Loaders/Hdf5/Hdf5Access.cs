using NativeFree.Loaders.Hdf5.Level0;
using NativeFree.Loaders.Hdf5.Level1;

namespace NativeFree.Loaders.Hdf5;

/// <summary>
/// One operation's way to a file's metadata: the bytes, the sizes that the superblock sets, and a budget. Each listing and each read has an
/// access of its own, so nothing here is shared between threads.
/// </summary>
/// <remarks>
/// A sound file's structures do not overlap, so an operation reads each byte of metadata about once. Whatever loops, overlaps or points at
/// the same block again and again runs into the budget of
/// <see cref="BudgetPerByte"/> times the file's length, if no check of its own notices it first.
/// </remarks>
internal sealed class Hdf5Access(FileBytes file, Superblock superblock)
{
    /// <summary>A committed datatype or a shared message is read again by each of its users; more than this is no file that HDF5
    /// wrote.</summary>
    private const long BudgetPerByte = 16;

    private readonly Dictionary<long, GlobalHeap> globalHeaps = [];
    private readonly Dictionary<long, FractalHeap> fractalHeaps = [];
    private long budget = (file.Length * BudgetPerByte) + (1 << 20);

    /// <summary>The bytes from the base address on: addresses are offsets into them.</summary>
    public FileBytes File { get; } = file;

    public Superblock Superblock { get; } = superblock;

    /// <summary>A cursor over the <paramref name="length"/> bytes at <paramref name="address"/>.</summary>
    /// <exception cref="FileFormatException">They lie outside the file, or the budget is spent.</exception>
    public Hdf5Cursor Read(long address, long length, string what)
    {
        ReadOnlySpan<byte> bytes = File.Span(address, length, what);
        Spend(address, length);
        return new Hdf5Cursor(this, bytes, address, what);
    }

    /// <summary>The same for a structure that starts with a four-letter signature, which is checked and passed over.</summary>
    public Hdf5Cursor Read(long address, long length, ReadOnlySpan<byte> signature, string what)
    {
        Hdf5Cursor cursor = Read(address, length, what);
        if (!cursor.Bytes(signature.Length).SequenceEqual(signature))
        {
            throw File.Fault(address, $"{what} must start with {System.Text.Encoding.ASCII.GetString(signature)}");
        }
        return cursor;
    }

    /// <summary>The global heap collection at <paramref name="address"/>, parsed once per operation.</summary>
    public GlobalHeap GlobalHeapAt(long address)
    {
        if (!globalHeaps.TryGetValue(address, out GlobalHeap? heap))
        {
            heap = GlobalHeap.Read(this, address);
            globalHeaps.Add(address, heap);
        }
        return heap;
    }

    /// <summary>The fractal heap at <paramref name="address"/>, its blocks found and checked once per operation.</summary>
    public FractalHeap FractalHeapAt(long address)
    {
        if (!fractalHeaps.TryGetValue(address, out FractalHeap? heap))
        {
            heap = FractalHeap.Read(this, address);
            fractalHeaps.Add(address, heap);
        }
        return heap;
    }

    /// <summary>Takes <paramref name="amount"/> bytes from the budget.</summary>
    public void Spend(long address, long amount)
    {
        budget -= amount;
        if (budget < 0)
        {
            throw File.Fault(address, "the file's structures are read over and over; they overlap or run in a circle");
        }
    }
}
