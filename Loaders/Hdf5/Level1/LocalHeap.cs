namespace NativeFree.Loaders.Hdf5.Level1;

/// <summary>The names of an old-style group (III.D): a header and a block of zero-terminated texts.</summary>
internal readonly struct LocalHeap(Hdf5Access access, long data, long size)
{
    public static LocalHeap Read(Hdf5Access access, long address)
    {
        Hdf5Cursor cursor = access.Read(address, 8 + (2 * access.Superblock.LengthSize) + access.Superblock.OffsetSize, "HEAP"u8,
            "local heap");
        int version = cursor.U8();
        cursor.Require(version == 0, $"version must be 0; is {version}");
        cursor.Skip(3);
        long size = cursor.Length();
        cursor.Skip(access.Superblock.LengthSize);
        long data = cursor.Offset();
        cursor.Require(data >= 0, "its data has no address");
        access.File.Span(data, size, "local heap data");
        return new LocalHeap(access, data, size);
    }

    /// <summary>The text that starts at <paramref name="offset"/>.</summary>
    /// <exception cref="FileFormatException">It lies outside the heap, or no zero ends it there.</exception>
    public ReadOnlySpan<byte> Text(long offset)
    {
        if (offset < 0 || offset >= size)
        {
            throw access.File.Fault(data, $"local heap: a name at offset {offset} lies outside its {size} bytes");
        }
        ReadOnlySpan<byte> rest = access.File.Span(data + offset, size - offset, "local heap name");
        int length = rest.IndexOf((byte)0);
        access.Spend(data + offset, Math.Max(0, length));
        return length >= 0 ? rest[..length] : throw access.File.Fault(data + offset, "local heap: a name has no terminating zero");
    }
}
