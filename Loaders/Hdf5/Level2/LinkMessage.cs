namespace NativeFree.Loaders.Hdf5.Level2;

/// <summary>Kinds of links; the numbers are the specification's.</summary>
internal enum LinkKind
{
    /// <summary>To an object header in this file.</summary>
    Hard = 0,

    /// <summary>To a path in this file, which need not exist.</summary>
    Soft = 1,

    /// <summary>To a path in another file. Never followed.</summary>
    External = 64,
}

/// <summary>A name in a group and what it leads to: an address for hard links, a path for the others.</summary>
internal sealed record Link(string Name, LinkKind Kind, long Address, string Target = "")
{
    /// <summary>Number in order of creation, −1 where the group does not record it.</summary>
    public long Order { get; init; } = -1;
}

/// <summary>A link as new groups store it (IV.A.2.g).</summary>
internal static class LinkMessage
{
    public static Link Read(ref Hdf5Cursor cursor)
    {
        int version = cursor.U8();
        cursor.Require(version == 1, $"version must be 1; is {version}");
        byte flags = cursor.U8();
        int kind = (flags & 0x08) != 0 ? cursor.U8() : 0;
        long order = (flags & 0x04) != 0 ? cursor.Number(8) : -1;
        cursor.Skip((flags & 0x10) != 0 ? 1 : 0);
        string name = LinkName.Decode(ref cursor, cursor.Bytes(cursor.Number(1 << (flags & 3))));
        return (LinkKind)kind switch
        {
            LinkKind.Hard => new Link(name, LinkKind.Hard, cursor.Offset()) { Order = order },
            LinkKind.Soft => new Link(name, LinkKind.Soft, -1, ArrayFile.DecodeBytes(cursor.Bytes(cursor.U16()))) { Order = order },
            LinkKind.External => ReadExternal(ref cursor, name, order),
            _ => throw cursor.Fault($"link '{name}' is of the unknown type {kind}"),
        };
    }

    private static Link ReadExternal(ref Hdf5Cursor cursor, string name, long order)
    {
        Hdf5Cursor value = cursor.Part(cursor.U16(), "external link");
        value.Skip(1);
        string file = ArrayFile.DecodeBytes(value.Terminated());
        return new Link(name, LinkKind.External, -1, $"{file}:{ArrayFile.DecodeBytes(value.Terminated())}") { Order = order };
    }
}

/// <summary>What a link may be called.</summary>
internal static class LinkName
{
    /// <exception cref="FileFormatException">Empty, "." or with a '/' or control character, none of which the HDF5 library lets anyone
    /// create.</exception>
    public static string Decode(ref Hdf5Cursor cursor, ReadOnlySpan<byte> bytes)
    {
        string name = ArrayFile.DecodeBytes(bytes);
        cursor.Require(name.Length > 0 && name != "." && !name.Contains('/') && !name.Any(char.IsControl),
            "a link name must not be empty, '.', or hold '/' or control characters");
        return name;
    }
}
