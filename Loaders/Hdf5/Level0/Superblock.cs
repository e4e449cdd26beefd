using NativeFree.Loaders.Hdf5.Level1;
using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5.Level0;

/// <summary>Where everything starts (File Format Specification 3.0, II.A): widths of addresses, B-tree ranks, the root group.</summary>
internal sealed record Superblock
{
    /// <summary>0 or 1 (HDF5 1.0 to 1.6 layout), 2 or 3 (1.8 and later, with a checksum).</summary>
    public required int Version { get; init; }

    /// <summary>Width of an address in bytes: 2, 4 or 8.</summary>
    public required int OffsetSize { get; init; }

    /// <summary>Width of a length in bytes: 2, 4 or 8.</summary>
    public required int LengthSize { get; init; }

    /// <summary>Half the most entries of a symbol table node.</summary>
    public int GroupLeafK { get; init; } = 4;

    /// <summary>Half the most entries of a group B-tree node.</summary>
    public int GroupInternalK { get; init; } = 16;

    /// <summary>Half the most entries of a version 1 chunk B-tree node.</summary>
    public int ChunkInternalK { get; init; } = 32;

    /// <summary>Object header of the root group.</summary>
    public long Root { get; init; } = Hdf5Cursor.Undefined;

    /// <summary>The object header with settings that have no field here, or <see cref="Hdf5Cursor.Undefined"/>.</summary>
    public long Extension { get; init; } = Hdf5Cursor.Undefined;

    /// <summary>Where object header messages live that several objects share; null in nearly every file.</summary>
    public SharedMessageTable? SharedMessages { get; init; }

    /// <summary>Reads the superblock at the start of <paramref name="file"/> (which begins at the base address) and the settings of its
    /// extension.</summary>
    /// <param name="file">The bytes from the signature on.</param>
    /// <param name="location">Offset of the signature in the whole file: the length of the user block.</param>
    /// <exception cref="FileFormatException">Unknown version or widths, wrong checksum, a file shorter than it says, no root
    /// group.</exception>
    public static Superblock Read(FileBytes file, long location)
    {
        ReadOnlySpan<byte> start = file.Span(0, 16, "superblock");
        int version = start[8];
        Superblock superblock = version switch
        {
            0 or 1 => new() { Version = version, OffsetSize = Width(file, start[13], 13), LengthSize = Width(file, start[14], 14) },
            2 or 3 => new() { Version = version, OffsetSize = Width(file, start[9], 9), LengthSize = Width(file, start[10], 10) },
            _ => throw file.Fault(8, $"superblock version must be 0 to 3; is {version}"),
        };
        superblock = version < 2 ? superblock.ReadOld(file, location) : superblock.ReadNew(file, location);
        return superblock.Root >= 0
            ? superblock.Extension >= 0 ? superblock.ReadExtension(file) : superblock
            : throw file.Fault(0, "superblock: the address of the root group is undefined");
    }

    private static int Width(FileBytes file, byte width, long at) =>
        width is 2 or 4 or 8 ? width
            : throw file.Fault(at, $"superblock: addresses and lengths must be 2, 4 or 8 bytes wide; {width} is asked for");

    private Superblock ReadOld(FileBytes file, long location)
    {
        Hdf5Cursor cursor = new Hdf5Access(file, this).Read(0, (Version == 0 ? 24 : 28) + (6 * OffsetSize), "superblock");
        cursor.Skip(16);
        int leaf = cursor.U16(), inner = cursor.U16();
        cursor.Require(leaf > 0 && inner > 0, "group B-tree ranks must be above 0");
        cursor.Skip(4);
        int chunk = ChunkInternalK;
        if (Version == 1)
        {
            chunk = cursor.U16();
            cursor.Require(chunk > 0, "chunk B-tree rank must be above 0");
            cursor.Skip(2);
        }
        long stored = Base(ref cursor);
        cursor.Skip(OffsetSize);
        CheckEnd(ref cursor, stored, location);
        cursor.Skip(2 * OffsetSize);
        return this with { GroupLeafK = leaf, GroupInternalK = inner, ChunkInternalK = chunk, Root = cursor.Offset() };
    }

    private Superblock ReadNew(FileBytes file, long location)
    {
        Hdf5Cursor cursor = new Hdf5Access(file, this).Read(0, 16 + (4 * OffsetSize), "superblock");
        cursor.Skip(12 + (4 * OffsetSize));
        cursor.Checksum();
        cursor = new Hdf5Access(file, this).Read(12, 4 * OffsetSize, "superblock");
        long stored = Base(ref cursor);
        long extension = cursor.Offset();
        CheckEnd(ref cursor, stored, location);
        return this with { Extension = extension, Root = cursor.Offset() };
    }

    private long Base(ref Hdf5Cursor cursor) => cursor.Number(OffsetSize);

    /// <summary>
    /// The end of file that is stored counts from the start of the file and moves with the base address; when a user block was put in front
    /// later, the stored base is older than the real one.
    /// </summary>
    private void CheckEnd(ref Hdf5Cursor cursor, long storedBase, long location)
    {
        long end = cursor.Number(OffsetSize) - storedBase;
        long length = cursor.Access.File.Length;
        cursor.Require(end <= length, $"the file must have {end + location} bytes; has {length + location}: it is cut off");
    }

    private Superblock ReadExtension(FileBytes file)
    {
        Superblock result = this;
        var access = new Hdf5Access(file, this);
        ObjectHeader header = ObjectHeader.Read(access, Extension);
        if (header.Find(MessageType.BTreeKValues) is { } ranks)
        {
            Hdf5Cursor cursor = header.Open(access, ranks);
            cursor.Require(cursor.U8() == 0, "B-tree K values must have version 0");
            int chunk = cursor.U16(), inner = cursor.U16(), leaf = cursor.U16();
            cursor.Require(chunk > 0 && inner > 0 && leaf > 0, "B-tree ranks must be above 0");
            result = result with { ChunkInternalK = chunk, GroupInternalK = inner, GroupLeafK = leaf };
        }
        if (header.Find(MessageType.SharedMessageTable) is { } shared)
        {
            Hdf5Cursor cursor = header.Open(access, shared);
            cursor.Require(cursor.U8() == 0, "shared message table message must have version 0");
            long address = cursor.Offset();
            result = result with { SharedMessages = SharedMessageTable.Read(access, address, cursor.U8()) };
        }
        return result;
    }
}
