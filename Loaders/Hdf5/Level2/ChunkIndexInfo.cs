namespace NativeFree.Loaders.Hdf5.Level2;

/// <summary>How the chunks of a dataset are found; the numbers from 1 to 5 are those of layout version 4.</summary>
internal enum ChunkIndexKind
{
    /// <summary>The version 1 B-tree of layouts before version 4.</summary>
    BTree1 = 0,

    /// <summary>There is one chunk, and the layout gives its address.</summary>
    Single = 1,

    /// <summary>All chunks lie one behind the other.</summary>
    Implicit = 2,

    /// <summary>An array of chunk addresses, for datasets of limited size.</summary>
    FixedArray = 3,

    /// <summary>An array that grows, for datasets with one unlimited extent.</summary>
    ExtensibleArray = 4,

    /// <summary>For datasets with several unlimited extents.</summary>
    BTree2 = 5,
}

/// <summary>Kind and address of a chunk index, with what the layout itself says about a single chunk.</summary>
internal sealed record ChunkIndexInfo(ChunkIndexKind Kind, long Address)
{
    /// <summary>Chunks that hang over the edge of the dataset skip the filters.</summary>
    public bool EdgesUnfiltered { get; init; }

    /// <summary>Size of the single chunk if it is filtered, else −1.</summary>
    public long StoredBytes { get; init; } = -1;

    /// <summary>Filters that the single chunk skipped, as bits.</summary>
    public uint FilterMask { get; init; }
}
