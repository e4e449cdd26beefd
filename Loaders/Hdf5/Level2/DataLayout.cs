namespace NativeFree.Loaders.Hdf5.Level2;

/// <summary>Where a dataset's elements are (IV.A.2.i).</summary>
internal abstract record DataLayout
{
    /// <summary>Inside the object header.</summary>
    internal sealed record Compact(long Address, long Bytes) : DataLayout;

    /// <summary>In one block; an undefined address means that nothing was ever written.</summary>
    internal sealed record Contiguous(long Address, long Bytes) : DataLayout;

    /// <summary>In pieces of equal shape, found through an index.</summary>
    /// <param name="Index">Kind and whereabouts of the index.</param>
    /// <param name="Chunk">Extents of a chunk, as many as the dataset has.</param>
    /// <param name="ElementSize">Bytes of an element according to the layout.</param>
    internal sealed record Chunked(ChunkIndexInfo Index, long[] Chunk, long ElementSize) : DataLayout;

    /// <summary>In other datasets, perhaps of other files. Refused.</summary>
    internal sealed record Virtual : DataLayout;

    public static DataLayout Read(ref Hdf5Cursor cursor)
    {
        int version = cursor.U8();
        return version switch
        {
            1 or 2 => ReadOld(ref cursor),
            3 or 4 => ReadNew(ref cursor, version),
            _ => throw cursor.Fault($"version must be 1 to 4; is {version}"),
        };
    }

    /// <summary>Versions 1 and 2 (HDF5 1.0 to 1.6.2).</summary>
    private static DataLayout ReadOld(ref Hdf5Cursor cursor)
    {
        int rank = cursor.U8();
        int kind = cursor.U8();
        cursor.Skip(5);
        cursor.Require(kind <= 2, $"layout class must be compact, contiguous or chunked; is {kind}");
        long address = kind == 0 ? Hdf5Cursor.Undefined : cursor.Offset();
        if (kind == 2)
        {
            return ReadBTree1(ref cursor, rank, address);
        }
        cursor.Skip(4 * rank);
        if (kind == 1)
        {
            // The size is not stored; the dataspace gives it.
            return new Contiguous(address, -1);
        }
        long size = cursor.U32();
        return new Compact(cursor.Address, cursor.Bytes(size).Length);
    }

    private static DataLayout ReadNew(ref Hdf5Cursor cursor, int version)
    {
        int kind = cursor.U8();
        switch (kind)
        {
            case 0:
                int size = cursor.U16();
                return new Compact(cursor.Address, cursor.Bytes(size).Length);
            case 1:
                long address = cursor.Offset();
                return new Contiguous(address, cursor.Length());
            case 2 when version == 3:
                int rank = cursor.U8();
                return ReadBTree1(ref cursor, rank, cursor.Offset());
            case 2:
                return ReadVersion4(ref cursor);
            case 3:
                return new Virtual();
            default:
                throw cursor.Fault($"layout class must be 0 to 3; is {kind}");
        }
    }

    private static Chunked ReadBTree1(ref Hdf5Cursor cursor, int rank, long address)
    {
        long[] dimensions = Dimensions(ref cursor, rank, 4);
        return new Chunked(new ChunkIndexInfo(ChunkIndexKind.BTree1, address), dimensions[..^1], dimensions[^1]);
    }

    private static Chunked ReadVersion4(ref Hdf5Cursor cursor)
    {
        byte flags = cursor.U8();
        int rank = cursor.U8();
        int width = cursor.U8();
        cursor.Require(width is >= 1 and <= 8, $"extents of a chunk must have 1 to 8 bytes; have {width}");
        long[] dimensions = Dimensions(ref cursor, rank, width);
        int kind = cursor.U8();
        cursor.Require(kind is >= 1 and <= 5, $"chunk index type must be 1 to 5; is {kind}");
        var index = new ChunkIndexInfo((ChunkIndexKind)kind, Hdf5Cursor.Undefined) { EdgesUnfiltered = (flags & 1) != 0 };
        switch (index.Kind)
        {
            case ChunkIndexKind.Single when (flags & 2) != 0:
                long stored = cursor.Length();
                index = index with { StoredBytes = stored, FilterMask = cursor.U32() };
                break;
            case ChunkIndexKind.FixedArray:
                cursor.Skip(1);
                break;
            case ChunkIndexKind.ExtensibleArray:
                cursor.Skip(5);
                break;
            case ChunkIndexKind.BTree2:
                cursor.Skip(6);
                break;
            default:
                break;
        }
        return new Chunked(index with { Address = cursor.Offset() }, dimensions[..^1], dimensions[^1]);
    }

    /// <summary>Extents of a chunk and, last, the size of an element.</summary>
    private static long[] Dimensions(ref Hdf5Cursor cursor, int rank, int width)
    {
        cursor.Require(rank is >= 2 and <= 33, $"a chunk must have 1 to 32 dimensions; has {rank - 1}");
        long[] dimensions = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            dimensions[i] = cursor.Number(width);
            cursor.Require(dimensions[i] > 0, "an extent of a chunk must be above 0");
        }
        return dimensions;
    }
}
