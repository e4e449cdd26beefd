using System.Buffers.Binary;
using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5.Data;

/// <summary>Undoes the filters of one chunk after another with two buffers of its own; one decoder a thread.</summary>
internal sealed unsafe class ChunkDecoder(FileBytes file, ChunkDataset dataset, ReadLimits limits) : IDisposable
{
    private NativeBytes current = new(0), next = new(0);

    /// <summary>The unpacked bytes of a chunk, exactly as many as a chunk has; valid until the next call.</summary>
    /// <exception cref="FileFormatException">A filter finds damage, or the chunk unpacks to another size.</exception>
    public ReadOnlySpan<byte> Decode(StoredChunk chunk)
    {
        ReadOnlySpan<byte> bytes = file.Span(chunk.Address, chunk.Bytes, "chunk");
        bool unfiltered = dataset.Layout.Index.EdgesUnfiltered && dataset.Grid.IsPartial(chunk.Number);
        if (dataset.ChunkBytes > limits.ChunkBytes(chunk.Bytes))
        {
            throw file.Fault(chunk.Address,
                $"a chunk of {chunk.Bytes} bytes claims to hold {dataset.ChunkBytes}; {nameof(ReadLimits)}.{nameof(ReadLimits.ChunkRatio)} raises what is allowed");
        }
        try
        {
            for (int i = dataset.Filters.Length - 1; i >= 0 && !unfiltered; i--)
            {
                if ((chunk.FilterMask & (1u << i)) == 0)
                {
                    bytes = Undo(dataset.Filters[i], bytes);
                }
            }
        }
        catch (FormatException damage) when (damage is not FileFormatException)
        {
            throw file.Fault(chunk.Address, $"chunk: {damage.Message}", damage);
        }
        return bytes.Length == dataset.ChunkBytes
            ? bytes
            : throw file.Fault(chunk.Address, $"a chunk must unpack to {dataset.ChunkBytes} bytes; unpacks to {bytes.Length}");
    }

    private ReadOnlySpan<byte> Undo(Filter filter, ReadOnlySpan<byte> bytes)
    {
        switch (filter.Id)
        {
            case Filter.Fletcher32:
                return bytes.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]) == Fletcher32.Of(bytes[..^4])
                    ? bytes[..^4]
                    : throw new FormatException("the fletcher32 checksum does not match the data");
            case Filter.Shuffle:
                int size = filter.Parameters.Length > 0 ? (int)Math.Min(filter.Parameters[0], int.MaxValue) : dataset.ElementSize;
                if (size <= 1 || size > bytes.Length)
                {
                    return bytes;
                }
                if (next.Length < bytes.Length)
                {
                    next.Resize(bytes.Length);
                }
                Shuffle.Undo(bytes, new Span<byte>(next.Start, bytes.Length), size);
                return Swapped(bytes.Length);
            default:
                // A stage before the last may be a little larger than the chunk: checksums, and deflate of what does not compress.
                return Swapped(Deflate.Unpack(bytes, next,
                    (int)Math.Min(int.MaxValue - 1, dataset.ChunkBytes + (dataset.ChunkBytes / 8) + 1024)));
        }
    }

    public void Dispose()
    {
        current.Dispose();
        next.Dispose();
    }

    /// <summary>What was written to the other buffer becomes the current bytes.</summary>
    private ReadOnlySpan<byte> Swapped(int length)
    {
        (current, next) = (next, current);
        return new ReadOnlySpan<byte>(current.Start, length);
    }
}
