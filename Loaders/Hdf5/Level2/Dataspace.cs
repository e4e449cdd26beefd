namespace NativeFree.Loaders.Hdf5.Level2;

/// <summary>Extents of a dataset or attribute (IV.A.2.b): a scalar has none, a null dataspace has no elements at all.</summary>
internal sealed record Dataspace(long[] Shape, long[] MaxShape, bool IsNull)
{
    /// <summary>H5S_MAX_RANK.</summary>
    private const int MostDimensions = 32;

    /// <summary>The maximal extent that means "unlimited".</summary>
    public const long Unlimited = -1;

    public static Dataspace Read(ref Hdf5Cursor cursor)
    {
        int version = cursor.U8();
        cursor.Require(version is 1 or 2, $"version must be 1 or 2; is {version}");
        int rank = cursor.U8();
        cursor.Require(rank <= MostDimensions, $"at most {MostDimensions} dimensions; has {rank}");
        byte flags = cursor.U8();
        int type = rank == 0 ? 0 : 1;
        if (version == 1)
        {
            cursor.Skip(5);
        }
        else
        {
            type = cursor.U8();
            cursor.Require(type <= 2 && (type == 1 || rank == 0), $"type must be scalar, simple or null; is {type} with rank {rank}");
        }
        long[] shape = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            shape[i] = cursor.Length();
        }
        long[] most = [.. shape];
        for (int i = 0; (flags & 1) != 0 && i < rank; i++)
        {
            most[i] = Limit(ref cursor);
            cursor.Require(most[i] == Unlimited || most[i] >= shape[i], $"extent {shape[i]} is above its maximum {most[i]}");
        }
        return new Dataspace(shape, most, type == 2);
    }

    /// <summary>Number of elements, saturating.</summary>
    public long Count => IsNull ? 0 : ArrayEntry.Product(Shape);

    private static long Limit(ref Hdf5Cursor cursor)
    {
        int width = cursor.Access.Superblock.LengthSize;
        ReadOnlySpan<byte> field = cursor.Bytes(width);
        if (!field.ContainsAnyExcept((byte)0xFF))
        {
            return Unlimited;
        }
        ulong value = 0;
        for (int i = width - 1; i >= 0; i--)
        {
            value = (value << 8) | field[i];
        }
        return value <= long.MaxValue ? (long)value : throw cursor.Fault($"a maximal extent of {value} is beyond any file");
    }
}
