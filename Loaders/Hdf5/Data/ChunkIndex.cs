using NativeFree.Loaders.Hdf5.Level1;
using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5.Data;

/// <summary>A chunk that was written: its number in the grid, where its bytes lie, how many they are, and which filters it
/// skipped.</summary>
internal readonly record struct StoredChunk(long Number, long Address, long Bytes, uint FilterMask);

/// <summary>Finds the written chunks of a dataset through whichever index it has.</summary>
internal sealed class ChunkIndex
{
    private readonly Hdf5Access access;
    private readonly ChunkDataset dataset;
    private readonly List<StoredChunk> found = [];
    private readonly HashSet<long> numbers = [];
    private readonly long[] indexStrides;
    private readonly int[] indexOrder;
    private long storedBytes;

    private ChunkIndex(Hdf5Access access, ChunkDataset dataset)
    {
        (this.access, this.dataset) = (access, dataset);
        (indexOrder, indexStrides) = ArrayOrder(dataset);
    }

    /// <summary>The written chunks, each once; all of them within the dataset and the file.</summary>
    /// <exception cref="FileFormatException">The index is damaged, names a chunk outside the dataset or twice, or claims more bytes than
    /// the file has.</exception>
    public static List<StoredChunk> Read(Hdf5Access access, ChunkDataset dataset)
    {
        var index = new ChunkIndex(access, dataset);
        if (dataset.Layout.Index.Address >= 0 && dataset.Grid.Count > 0)
        {
            index.Walk(dataset.Layout.Index);
        }
        return index.found;
    }

    private bool Filtered => dataset.Filters.Length > 0;

    private void Walk(ChunkIndexInfo info)
    {
        switch (info.Kind)
        {
            case ChunkIndexKind.BTree1:
                BTree1.Walk(access, info.Address, BTree1.ChunkNode, 8 + (8 * (dataset.Grid.Rank + 1)), access.Superblock.ChunkInternalK,
                    AddBTree1);
                break;
            case ChunkIndexKind.Single:
                Add(dataset.Grid.Count == 1 ? 0 : -1, info.Address, info.StoredBytes >= 0 ? info.StoredBytes : dataset.ChunkBytes,
                    info.FilterMask);
                break;
            case ChunkIndexKind.Implicit:
                AddImplicit(info.Address);
                break;
            case ChunkIndexKind.FixedArray:
                FixedArray.Walk(access, info.Address, Filtered, ArrayEntries(), AddArrayEntry);
                break;
            case ChunkIndexKind.ExtensibleArray:
                ExtensibleArray.Walk(access, info.Address, Filtered, AddArrayEntry);
                break;
            default:
                BTree2.Walk(access, info.Address, Filtered ? BTree2.FilteredChunks : BTree2.Chunks, AddBTree2);
                break;
        }
    }

    /// <summary>A key of the version 1 tree: stored size, filter mask, first element of the chunk, and a zero for the element's own
    /// dimension.</summary>
    private void AddBTree1(ref Hdf5Cursor key, long child)
    {
        long bytes = key.U32();
        uint mask = key.U32();
        Span<long> position = stackalloc long[dataset.Grid.Rank];
        for (int i = 0; i < position.Length; i++)
        {
            long first = key.Number(8);
            key.Require(first % dataset.Grid.Chunk[i] == 0,
                $"a chunk must start at a multiple of {dataset.Grid.Chunk[i]}; starts at {first}");
            position[i] = first / dataset.Grid.Chunk[i];
        }
        Add(dataset.Grid.Number(position), child, bytes, mask);
    }

    private void AddBTree2(ref Hdf5Cursor record)
    {
        long address = record.Offset();
        (long bytes, uint mask) = StoredSize(ref record, 8 * dataset.Grid.Rank);
        Span<long> position = stackalloc long[dataset.Grid.Rank];
        for (int i = 0; i < position.Length; i++)
        {
            position[i] = record.Number(8);
        }
        Add(dataset.Grid.Number(position), address, bytes, mask);
    }

    private void AddArrayEntry(long index, ref Hdf5Cursor entry)
    {
        long address = entry.Offset();
        if (address < 0)
        {
            return;
        }
        (long bytes, uint mask) = StoredSize(ref entry, 0);
        Span<long> position = stackalloc long[dataset.Grid.Rank];
        foreach (int axis in indexOrder)
        {
            position[axis] = index / indexStrides[axis];
            index %= indexStrides[axis];
        }
        Add(dataset.Grid.Number(position), address, bytes, mask);
    }

    private void AddImplicit(long address)
    {
        long all = ArrayEntries();
        access.File.Span(address, 0, "chunks");
        if (all > (access.File.Length - address) / dataset.ChunkBytes)
        {
            throw access.File.Fault(address, $"{all} chunks of {dataset.ChunkBytes} bytes pass the end of the file");
        }
        Span<long> origin = stackalloc long[dataset.Grid.Rank];
        for (long number = 0; number < dataset.Grid.Count; number++)
        {
            dataset.Grid.Origin(number, origin);
            long index = 0;
            foreach (int axis in indexOrder)
            {
                index += origin[axis] / dataset.Grid.Chunk[axis] * indexStrides[axis];
            }
            Add(number, address + (index * dataset.ChunkBytes), dataset.ChunkBytes, 0);
        }
    }

    /// <summary>Size and filter mask of a filtered chunk's entry, of which <paramref name="behind"/> bytes follow; without filters they are
    /// implied.</summary>
    private (long Bytes, uint Mask) StoredSize(ref Hdf5Cursor entry, int behind)
    {
        if (!Filtered)
        {
            return (dataset.ChunkBytes, 0);
        }
        int width = entry.Left - 4 - behind;
        entry.Require(width is >= 1 and <= 8, $"the stored size of a chunk must have 1 to 8 bytes; has {width}");
        long bytes = entry.Number(width);
        return (bytes, entry.U32());
    }

    private void Add(long number, long address, long bytes, uint mask)
    {
        if (number < 0)
        {
            throw access.File.Fault(address, "a chunk lies outside the dataset");
        }
        access.File.Span(address, 0, "chunk");
        if (bytes > access.File.Length - address)
        {
            throw access.File.Fault(address, $"a chunk of {bytes} bytes passes the end of the file");
        }
        storedBytes += bytes;
        if (!numbers.Add(number) || storedBytes > access.File.Length)
        {
            throw access.File.Fault(address, "a chunk is stored twice, or chunks overlap");
        }
        found.Add(new StoredChunk(number, address, bytes, mask));
    }

    /// <summary>
    /// Arrays of chunks number them in C order over the largest extents the dataset may grow to, its unlimited extent (if any) moved to the
    /// front.
    /// </summary>
    private static (int[] Order, long[] Strides) ArrayOrder(ChunkDataset dataset)
    {
        long[] most = dataset.MaxShape;
        int unlimited = Math.Max(0, Array.IndexOf(most, Dataspace.Unlimited));
        int[] order = [unlimited, .. Enumerable.Range(0, most.Length).Where(axis => axis != unlimited)];
        long[] strides = new long[most.Length];
        UInt128 stride = 1;
        foreach (int axis in order.Reverse())
        {
            strides[axis] = (long)UInt128.Min(stride, long.MaxValue);
            stride = UInt128.Min(stride * (UInt128)Math.Max(1, ChunkGrid.CeilingDivide(Math.Max(0, most[axis]), dataset.Grid.Chunk[axis])),
                long.MaxValue);
        }
        return (order, strides);
    }

    /// <summary>Chunks of the largest extents, saturating.</summary>
    private long ArrayEntries() => ArrayEntry.Product(
        [.. dataset.MaxShape.Select((most, axis) => most < 0 ? long.MaxValue : ChunkGrid.CeilingDivide(most, dataset.Grid.Chunk[axis]))]);
}
