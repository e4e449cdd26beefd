namespace NativeFree.Loaders.Hdf5.Level2;

/// <summary>What elements are that nothing was written to (IV.A.2.e and f): one element's bytes, or zeros.</summary>
internal static class FillValue
{
    /// <summary>The bytes of the fill value of an object, empty for zeros.</summary>
    /// <exception cref="FileFormatException">Unknown version, or a size other than <paramref name="elementSize"/>.</exception>
    public static byte[] Read(Hdf5Access access, ObjectHeader header, int elementSize)
    {
        byte[] value = [];
        if (header.Find(MessageType.FillValue) is { } message)
        {
            Hdf5Cursor cursor = header.Open(access, message);
            value = ReadNew(ref cursor);
        }
        else if (header.Find(MessageType.OldFillValue) is { } old)
        {
            Hdf5Cursor cursor = header.Open(access, old);
            value = ReadBody(ref cursor);
        }
        return value.Length == 0 || value.Length == elementSize
            ? value
            : throw access.File.Fault(header.Address, $"a fill value must have the element's {elementSize} bytes; has {value.Length}");
    }

    private static byte[] ReadNew(ref Hdf5Cursor cursor)
    {
        int version = cursor.U8();
        cursor.Require(version is >= 1 and <= 3, $"version must be 1 to 3; is {version}");
        bool present;
        if (version == 3)
        {
            present = (cursor.U8() & 0x20) != 0;
        }
        else
        {
            cursor.Skip(2);
            bool defined = cursor.U8() != 0;
            present = defined || version == 1;
        }
        return present ? ReadBody(ref cursor) : [];
    }

    /// <summary>A size, then as many bytes; the size is signed, and negative where there is no value.</summary>
    private static byte[] ReadBody(ref Hdf5Cursor cursor)
    {
        int size = (int)cursor.U32();
        return size > 0 ? cursor.Bytes(size).ToArray() : [];
    }
}
