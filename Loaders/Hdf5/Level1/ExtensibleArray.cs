using System.Numerics;

namespace NativeFree.Loaders.Hdf5.Level1;

/// <summary>
/// A chunk index that grows along one extent (VII.D, "extensible array"): a few entries in the index block, then data blocks, then
/// secondary blocks of data blocks, sizes doubling on the way.
/// </summary>
internal sealed class ExtensibleArray
{
    private readonly Hdf5Access access;
    private readonly long header;
    private readonly FixedArray.Entry visit;
    private readonly HashSet<long> seen = [];
    private readonly int client, entrySize, maxBits, indexEntries, minEntries, minPointers;
    private readonly long page, block;

    private ExtensibleArray(Hdf5Access access, long address, bool filtered, FixedArray.Entry visit)
    {
        (this.access, header, this.visit) = (access, address, visit);
        Hdf5Cursor head = access.Read(address, 16 + (6 * access.Superblock.LengthSize) + access.Superblock.OffsetSize, "EAHD"u8,
            "extensible array");
        int version = head.U8();
        client = head.U8();
        entrySize = head.U8();
        maxBits = head.U8();
        indexEntries = head.U8();
        minEntries = head.U8();
        minPointers = head.U8();
        int pageBits = head.U8();
        head.Skip(6 * access.Superblock.LengthSize);
        block = head.Offset();
        head.Checksum();
        head.Require(version == 0 && client == (filtered ? 1 : 0),
            $"must have version 0 and client {(filtered ? 1 : 0)}; has {version} and {client}");
        head.Require(entrySize >= access.Superblock.OffsetSize && pageBits < 32 && maxBits is > 0 and <= 64
            && BitOperations.IsPow2(minEntries) && BitOperations.IsPow2(minPointers) && minPointers >= 2
                && BitOperations.Log2((uint)minEntries) < maxBits, "its sizes cannot be");
        page = 1L << pageBits;
    }

    /// <summary>Visits all entries that some block holds. Exceptions as <see cref="FixedArray.Walk"/>.</summary>
    public static void Walk(Hdf5Access access, long address, bool filtered, FixedArray.Entry visit)
    {
        var array = new ExtensibleArray(access, address, filtered, visit);
        if (array.block >= 0)
        {
            array.ReadIndexBlock();
        }
    }

    private int OffsetBytes => (maxBits + 7) / 8;

    /// <summary>Data blocks of super block <paramref name="u"/>, and entries of each.</summary>
    private (long Blocks, long Entries) Super(int u) => (1L << (u / 2), (1L << ((u + 1) / 2)) * minEntries);

    private void ReadIndexBlock()
    {
        int offsetSize = access.Superblock.OffsetSize;
        int supers = 1 + maxBits - BitOperations.Log2((uint)minEntries);
        int direct = 2 * BitOperations.Log2((uint)minPointers);
        int pointers = (2 * (minPointers - 1)) + Math.Max(0, supers - direct);
        Hdf5Cursor index = Block(block, 6 + offsetSize + (indexEntries * entrySize) + (pointers * offsetSize) + 4, "EAIB"u8,
            "extensible array index block");
        long at = Visit(index.Part(indexEntries * entrySize, "extensible array entries"), 0);
        for (int u = 0; u < supers; u++)
        {
            (long blocks, long entries) = Super(u);
            if (u < direct)
            {
                for (long i = 0; i < blocks; i++, at += entries)
                {
                    ReadDataBlock(index.Offset(), at, entries, [], 0);
                }
            }
            else
            {
                ReadSecondaryBlock(index.Offset(), at, blocks, entries);
                at += blocks * entries;
            }
            // Beyond 2^62 entries no chunk can be meant.
            if (at > 1L << 62 || at < 0)
            {
                index.Skip(index.Left - 4);
                break;
            }
        }
        index.Checksum();
    }

    private void ReadSecondaryBlock(long address, long first, long blocks, long entries)
    {
        if (address < 0)
        {
            return;
        }
        int offsetSize = access.Superblock.OffsetSize;
        long pages = entries > page ? entries / page : 0;
        long bitmap = blocks * ((pages + 7) / 8);
        long length = 6 + offsetSize + OffsetBytes + bitmap + (blocks * offsetSize) + 4;
        Hdf5Cursor secondary = Block(address, length, "EASB"u8, "extensible array secondary block");
        secondary.Skip(OffsetBytes);
        ReadOnlySpan<byte> written = secondary.Bytes(bitmap);
        for (long i = 0; i < blocks; i++)
        {
            ReadDataBlock(secondary.Offset(), first + (i * entries), entries, written, i * pages);
        }
        secondary.Checksum();
    }

    private void ReadDataBlock(long address, long first, long entries, ReadOnlySpan<byte> written, long firstPage)
    {
        if (address < 0)
        {
            return;
        }
        bool paged = entries > page;
        long head = 6 + access.Superblock.OffsetSize + OffsetBytes;
        long body = paged ? 0 : entries * entrySize;
        Hdf5Cursor data = Block(address, head + body + 4, "EADB"u8, "extensible array data block");
        data.Skip(OffsetBytes);
        Visit(data.Part(body, "extensible array entries"), first);
        data.Checksum();
        long at = address + head + 4;
        for (long i = 0; paged && i < entries / page; i++, at += (page * entrySize) + 4)
        {
            long bit = firstPage + i;
            data.Require(bit / 8 < written.Length, "a paged block hangs on the index block");
            if ((written[(int)(bit / 8)] & (0x80 >> (int)(bit % 8))) != 0)
            {
                Hdf5Cursor one = access.Read(at, (page * entrySize) + 4, "extensible array page");
                Visit(one.Part(page * entrySize, "extensible array entries"), first + (i * page));
                one.Checksum();
            }
        }
    }

    /// <summary>Opens a block, passes over its head, and demands that it belongs to this array and was not met before.</summary>
    private Hdf5Cursor Block(long address, long length, ReadOnlySpan<byte> signature, string what)
    {
        Hdf5Cursor cursor = access.Read(address, length, signature, what);
        int version = cursor.U8(), stored = cursor.U8();
        cursor.Require(version == 0 && stored == client, $"must have version 0 and client {client}; has {version} and {stored}");
        cursor.Require(cursor.Offset() == header, "it belongs to another array");
        cursor.Require(seen.Add(address), "it is met twice");
        return cursor;
    }

    private long Visit(Hdf5Cursor entries, long index)
    {
        while (entries.Left > 0)
        {
            Hdf5Cursor entry = entries.Part(entrySize, "chunk entry");
            visit(index++, ref entry);
        }
        return index;
    }
}
