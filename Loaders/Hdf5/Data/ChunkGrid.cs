namespace NativeFree.Loaders.Hdf5.Data;

/// <summary>A dataset cut into chunks: how many there are along each extent, and which number each has in C order. Chunks at the end may
/// hang over the edge.</summary>
internal sealed class ChunkGrid
{
    private readonly long[] counts, strides;

    public ChunkGrid(IReadOnlyList<long> shape, long[] chunk)
    {
        Shape = [.. shape];
        Chunk = chunk;
        counts = new long[chunk.Length];
        strides = new long[chunk.Length];
        long stride = 1;
        for (int i = chunk.Length - 1; i >= 0; i--)
        {
            counts[i] = CeilingDivide(Shape[i], chunk[i]);
            strides[i] = stride;
            stride *= counts[i];
        }
        Count = stride;
    }

    public long[] Shape { get; }

    /// <summary>Extents of a chunk.</summary>
    public long[] Chunk { get; }

    /// <summary>Number of chunks.</summary>
    public long Count { get; }

    public int Rank => Chunk.Length;

    /// <summary>The number of the chunk at a position that counts in chunks, or −1 outside the dataset.</summary>
    public long Number(ReadOnlySpan<long> position)
    {
        long number = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            if (position[i] < 0 || position[i] >= counts[i])
            {
                return -1;
            }
            number += position[i] * strides[i];
        }
        return number;
    }

    /// <summary>The element at which chunk <paramref name="number"/> starts.</summary>
    public void Origin(long number, Span<long> origin)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            origin[i] = number / strides[i] % counts[i] * Chunk[i];
        }
    }

    /// <summary>Whether chunk <paramref name="number"/> hangs over an edge.</summary>
    public bool IsPartial(long number)
    {
        Span<long> origin = stackalloc long[32];
        Origin(number, origin);
        for (int i = 0; i < counts.Length; i++)
        {
            if (Chunk[i] > Shape[i] - origin[i])
            {
                return true;
            }
        }
        return false;
    }

    public static long CeilingDivide(long a, long b) => (a / b) + (a % b > 0 ? 1 : 0);
}
