namespace NativeFree.Loaders.Hdf5.Level2;

/// <summary>One step that chunks went through when they were written.</summary>
internal readonly record struct Filter(int Id, uint[] Parameters)
{
    public const int Deflate = 1;
    public const int Shuffle = 2;
    public const int Fletcher32 = 3;

    /// <summary>The short name in a storage description; gzip is what h5py and h5repack call deflate.</summary>
    public string Name => Id switch
    {
        Deflate => "gzip",
        Shuffle => "shuffle",
        Fletcher32 => "fletcher32",
        4 => "szip",
        5 => "nbit",
        6 => "scaleoffset",
        32000 => "lzf",
        32001 => "blosc",
        32004 => "lz4",
        32008 => "bitshuffle",
        32013 => "zfp",
        32015 => "zstd",
        _ => "filter",
    };

    public bool IsKnown => Id is Deflate or Shuffle or Fletcher32;
}

/// <summary>The filters of a dataset in the order of writing (IV.A.2.l); reading undoes them from the last to the first.</summary>
internal static class FilterPipeline
{
    /// <summary>H5Z_MAX_NFILTERS.</summary>
    private const int Most = 32;

    public static Filter[] Read(ref Hdf5Cursor cursor)
    {
        int version = cursor.U8();
        cursor.Require(version is 1 or 2, $"version must be 1 or 2; is {version}");
        int count = cursor.U8();
        cursor.Require(count <= Most, $"at most {Most} filters; has {count}");
        cursor.Skip(version == 1 ? 6 : 0);
        var filters = new Filter[count];
        for (int i = 0; i < count; i++)
        {
            int id = cursor.U16();
            int nameLength = version == 1 || id >= 256 ? cursor.U16() : 0;
            cursor.Skip(2);
            uint[] parameters = new uint[cursor.U16()];
            cursor.Skip(version == 1 ? (nameLength + 7) & ~7 : nameLength);
            for (int k = 0; k < parameters.Length; k++)
            {
                parameters[k] = cursor.U32();
            }
            cursor.Skip(version == 1 && parameters.Length % 2 == 1 ? 4 : 0);
            filters[i] = new Filter(id, parameters);
        }
        return filters;
    }

    /// <summary>Why data behind these filters is not read, or null.</summary>
    public static string? Refusal(Filter[] filters)
    {
        Filter[] unknown = [.. filters.Where(f => !f.IsKnown)];
        return unknown.Length == 0
            ? null
            : $"filter {string.Join(", ", unknown.Select(f => $"{f.Name} ({f.Id})"))} is not read; gzip, shuffle and fletcher32 are; h5repack can change it";
    }
}
