namespace NativeFree.Loaders.Hdf5.Level2;

/// <summary>An attribute (IV.A.2.m): name, type, extents, and its value's bytes.</summary>
internal ref struct AttributeMessage
{
    public string Name { get; private init; }

    public Datatype Type { get; private init; }

    public Dataspace Space { get; private init; }

    /// <summary>All elements in C order, as stored.</summary>
    public ReadOnlySpan<byte> Data { get; private init; }

    /// <summary>Reads the head only; empty when even that is damaged.</summary>
    public static string NameOf(Hdf5Cursor cursor)
    {
        try
        {
            return ReadHead(ref cursor).Name;
        }
        catch (FileFormatException)
        {
            return "";
        }
    }

    public static AttributeMessage Read(ref Hdf5Cursor cursor)
    {
        Head head = ReadHead(ref cursor);
        Hdf5Cursor type = Part(ref cursor, head.TypeSize, head.Padded, (head.Flags & 1) != 0, MessageType.Datatype);
        Datatype datatype = Datatype.Read(ref type);
        Hdf5Cursor space = Part(ref cursor, head.SpaceSize, head.Padded, (head.Flags & 2) != 0, MessageType.Dataspace);
        Dataspace dataspace = Dataspace.Read(ref space);
        long count = dataspace.Count;
        cursor.Require(count <= cursor.Left / datatype.Element.Size,
            $"'{head.Name}' needs {count} elements of {datatype.Element.Size} bytes; {cursor.Left} bytes are left");
        ReadOnlySpan<byte> data = cursor.Bytes(count * datatype.Element.Size);
        return new AttributeMessage { Name = head.Name, Type = datatype, Space = dataspace, Data = data };
    }

    private readonly record struct Head(string Name, int TypeSize, int SpaceSize, byte Flags, bool Padded);

    private static Head ReadHead(ref Hdf5Cursor cursor)
    {
        int version = cursor.U8();
        cursor.Require(version is >= 1 and <= 3, $"version must be 1 to 3; is {version}");
        byte flags = cursor.U8();
        int nameSize = cursor.U16(), typeSize = cursor.U16(), spaceSize = cursor.U16();
        cursor.Skip(version == 3 ? 1 : 0);
        Hdf5Cursor name = cursor.Part(version == 1 ? (nameSize + 7) & ~7 : nameSize, "attribute name");
        // Version 1 pads each part to 8 bytes and knows no shared parts.
        return new Head(ArrayFile.DecodeBytes(name.Terminated()), typeSize, spaceSize, version == 1 ? (byte)0 : flags, version == 1);
    }

    private static Hdf5Cursor Part(ref Hdf5Cursor cursor, int size, bool padded, bool shared, MessageType type)
    {
        Hdf5Cursor part = cursor.Part(size, $"attribute's {type}");
        cursor.Skip(padded ? Math.Min(cursor.Left, -size & 7) : 0);
        return shared ? SharedMessage.Follow(ref part, type) : part;
    }
}
