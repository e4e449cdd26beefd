using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5.Data;

/// <summary>What reading a chunked dataset needs to know.</summary>
internal sealed record ChunkDataset(DataLayout.Chunked Layout, ChunkGrid Grid, long[] MaxShape, Filter[] Filters, int ElementSize)
{
    /// <summary>Bytes of an unpacked chunk.</summary>
    public long ChunkBytes { get; } = ArrayEntry.Product(Grid.Chunk) * ElementSize;
}
