namespace NativeFree.Loaders.Hdf5.Level1;

/// <summary>A chunk index of fixed length (VII.C, "fixed array"): one block of entries, or, when there are many, pages of them with a bit
/// for each page that was ever written.</summary>
internal static class FixedArray
{
    /// <summary>Receives an entry that was written; the cursor covers exactly the entry.</summary>
    public delegate void Entry(long index, ref Hdf5Cursor entry);

    /// <summary>Visits the entries of all written pages.</summary>
    /// <param name="access">The file.</param>
    /// <param name="address">Address of the header.</param>
    /// <param name="filtered">Whether entries must be those of filtered chunks.</param>
    /// <param name="count">How many entries the dataset needs; the array must have as many.</param>
    /// <param name="visit">Called with index and entry.</param>
    public static void Walk(Hdf5Access access, long address, bool filtered, long count, Entry visit)
    {
        int offsetSize = access.Superblock.OffsetSize;
        Hdf5Cursor head = access.Read(address, 12 + access.Superblock.LengthSize + offsetSize, "FAHD"u8, "fixed array");
        int version = head.U8(), client = head.U8(), entrySize = head.U8(), pageBits = head.U8();
        long entries = head.Length();
        long block = head.Offset();
        head.Checksum();
        head.Require(version == 0 && client == (filtered ? 1 : 0),
            $"must have version 0 and client {(filtered ? 1 : 0)}; has {version} and {client}");
        head.Require(entries == count, $"must have the dataset's {count} chunks; has {entries}");
        head.Require(entrySize >= offsetSize && pageBits < 32, $"entries of {entrySize} bytes in pages of 2^{pageBits} cannot be");
        head.Require(count <= access.File.Length / entrySize, $"{count} entries of {entrySize} bytes do not fit the file");
        if (block >= 0)
        {
            ReadBlock(access, address, block, client, entrySize, 1L << pageBits, count, visit);
        }
    }

    private static void ReadBlock(Hdf5Access access, long header, long address, int client, int entrySize, long page, long count,
        Entry visit)
    {
        bool paged = count > page;
        long pages = (count + page - 1) / page;
        long bitmap = paged ? (pages + 7) / 8 : 0;
        long head = 6 + access.Superblock.OffsetSize + bitmap;
        long body = paged ? 0 : count * entrySize;
        Hdf5Cursor block = access.Read(address, head + body + 4, "FADB"u8, "fixed array block");
        int version = block.U8(), stored = block.U8();
        block.Require(version == 0 && stored == client, $"must have version 0 and client {client}; has {version} and {stored}");
        block.Require(block.Offset() == header, "it belongs to another array");
        ReadOnlySpan<byte> written = block.Bytes(bitmap);
        Visit(block.Part(body, "fixed array entries"), 0, entrySize, visit);
        block.Checksum();
        long at = address + head + 4;
        for (long i = 0; paged && i < pages; i++)
        {
            long inPage = Math.Min(page, count - (i * page));
            if ((written[(int)(i / 8)] & (0x80 >> (int)(i % 8))) != 0)
            {
                Hdf5Cursor one = access.Read(at, (inPage * entrySize) + 4, "fixed array page");
                Visit(one.Part(inPage * entrySize, "fixed array entries"), i * page, entrySize, visit);
                one.Checksum();
            }
            at += (page * entrySize) + 4;
        }
    }

    private static void Visit(Hdf5Cursor entries, long index, int entrySize, Entry visit)
    {
        while (entries.Left > 0)
        {
            Hdf5Cursor entry = entries.Part(entrySize, "chunk entry");
            visit(index++, ref entry);
        }
    }
}
