using System.Numerics;

namespace NativeFree.Loaders.Hdf5.Level1;

/// <summary>
/// A heap of small objects in blocks that double in size (III.G): links and attributes of objects that have many, and shared messages. An
/// object is known by an ID that tells where it is:
/// "managed" in the blocks, "huge" by itself with a B-tree to find it, or "tiny" within the ID.
/// </summary>
internal sealed class FractalHeap
{
    private readonly Hdf5Access access;
    private readonly FractalHeapBlocks? blocks;
    private readonly int idLength, offsetBytes, lengthBytes;
    private readonly long address, hugeTree;
    private Dictionary<long, (long Address, long Length)>? huge;

    private FractalHeap(Hdf5Access access, long address)
    {
        this.access = access;
        this.address = address;
        int offsetSize = access.Superblock.OffsetSize, lengthSize = access.Superblock.LengthSize;
        Hdf5Cursor cursor = access.Read(address, 26 + (3 * offsetSize) + (12 * lengthSize), "FRHP"u8, "fractal heap");
        int version = cursor.U8();
        cursor.Require(version == 0, $"version must be 0; is {version}");
        idLength = cursor.U16();
        int filterLength = cursor.U16();
        cursor.Require(filterLength == 0, "filtered heaps are not read");
        bool checksums = (cursor.U8() & 2) != 0;
        long mostManaged = cursor.U32();
        cursor.Skip(lengthSize);
        hugeTree = cursor.Offset();
        // Free space and its manager; sizes and counts of managed, huge and tiny objects.
        cursor.Skip((9 * lengthSize) + offsetSize);
        var table = new DoublingTable(cursor.U16(), cursor.Length(), cursor.Length(), cursor.U16());
        cursor.Skip(2);
        long root = cursor.Offset();
        int rows = cursor.U16();
        cursor.Checksum();
        cursor.Require(table.IsSound, "the doubling table's sizes must be powers of two within 2^63");
        cursor.Require(idLength is > 1 and <= 64, $"an ID must have 2 to 64 bytes; has {idLength}");
        offsetBytes = (table.HeapBits + 7) / 8;
        lengthBytes = Math.Min(BytesFor(table.MaxDirectSize), BytesFor(mostManaged));
        blocks = root < 0 ? null : FractalHeapBlocks.Read(access, address, root, rows, table, checksums);
    }

    public static FractalHeap Read(Hdf5Access access, long address) => new(access, address);

    /// <summary>A cursor over the object that <paramref name="id"/> stands for.</summary>
    /// <exception cref="FileFormatException">There is no such object.</exception>
    public Hdf5Cursor Open(scoped ReadOnlySpan<byte> id, string what)
    {
        if (id.Length < idLength)
        {
            throw Fault($"an ID must have {idLength} bytes; has {id.Length}");
        }
        int first = id[0];
        if (first >> 6 != 0)
        {
            throw Fault($"an ID must have version 0; has {first >> 6}");
        }
        switch ((first >> 4) & 3)
        {
            case 0:
                long offset = Number(id[1..], offsetBytes);
                long length = Number(id[(1 + offsetBytes)..], lengthBytes);
                return access.Read(blocks?.Locate(offset, length) ?? throw Fault("it is empty, and an object in it is asked for"), length,
                    what);
            case 1:
                return OpenHuge(id, what);
            default:
                throw Fault("objects inside their ID are too small to be links or attributes");
        }
    }

    /// <summary>An object of its own, whose address and length stand in the ID if they fit, else in a B-tree.</summary>
    private Hdf5Cursor OpenHuge(scoped ReadOnlySpan<byte> id, string what)
    {
        int offsetSize = access.Superblock.OffsetSize, lengthSize = access.Superblock.LengthSize;
        if (idLength - 1 >= offsetSize + lengthSize)
        {
            var direct = new Hdf5Cursor(access, id[1..], address, "fractal heap ID");
            long at = direct.Offset();
            return access.Read(at, direct.Length(), what);
        }
        huge ??= ReadHuge();
        long key = Number(id[1..], Math.Min(8, idLength - 1));
        return huge.TryGetValue(key, out (long Address, long Length) found)
            ? access.Read(found.Address, found.Length, what)
            : throw Fault($"no huge object has number {key}");
    }

    private Dictionary<long, (long Address, long Length)> ReadHuge()
    {
        var found = new Dictionary<long, (long, long)>();
        BTree2.Walk(access, hugeTree, BTree2.HugeObjects, (ref Hdf5Cursor record) =>
        {
            long at = record.Offset();
            long length = record.Length();
            found[record.Length()] = (at, length);
        });
        return found;
    }

    /// <summary>Bytes that hold numbers up to <paramref name="limit"/>.</summary>
    private static int BytesFor(long limit) => limit <= 0 ? 1 : (BitOperations.Log2((ulong)limit) / 8) + 1;

    private long Number(ReadOnlySpan<byte> bytes, int width) => new Hdf5Cursor(access, bytes, address, "fractal heap ID").Number(width);

    private FileFormatException Fault(string message) => access.File.Fault(address, $"fractal heap: {message}");
}
