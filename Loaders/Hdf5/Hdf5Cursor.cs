using System.Buffers.Binary;

namespace NativeFree.Loaders.Hdf5;

/// <summary>
/// Reads the fields of one structure in file order. All integers of HDF5 metadata are little-endian; "offsets" and "lengths" have the
/// widths that the superblock sets.
/// Running past the structure's end is a <see cref="FileFormatException"/> that names it.
/// </summary>
internal ref struct Hdf5Cursor(Hdf5Access access, ReadOnlySpan<byte> bytes, long origin, string what)
{
    /// <summary>The address that means "none": all bits set.</summary>
    public const long Undefined = -1;

    private readonly ReadOnlySpan<byte> all = bytes;

    public Hdf5Access Access { get; } = access;

    /// <summary>Offset of the next field within the structure.</summary>
    public int Position { get; private set; }

    public readonly int Left => all.Length - Position;

    /// <summary>File offset of the next field.</summary>
    public readonly long Address => origin + Position;

    public byte U8() => Take(1)[0];

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>An unsigned number of <paramref name="width"/> ≤ 8 bytes.</summary>
    /// <exception cref="FileFormatException">It is above 2⁶³ − 1, more than any size, count or extent can be.</exception>
    public long Number(int width)
    {
        long at = Address;
        ulong value = Raw(width);
        return value <= long.MaxValue ? (long)value : throw Access.File.Fault(at, $"{what}: a size or count of {value} is beyond any file");
    }

    /// <summary>A "length" of the superblock's width.</summary>
    public long Length() => Number(Access.Superblock.LengthSize);

    /// <summary>An "offset": an address relative to the base, or <see cref="Undefined"/>.</summary>
    public long Offset()
    {
        long at = Address;
        int width = Access.Superblock.OffsetSize;
        ulong value = Raw(width);
        return value == ulong.MaxValue >> (64 - (8 * width))
            ? Undefined
            : value <= (ulong)Access.File.Length ? (long)value
                : throw Access.File.Fault(at, $"{what}: address {value} lies past the end of the file");
    }

    public ReadOnlySpan<byte> Bytes(long count) => Take(count);

    /// <summary>A cursor over the next <paramref name="count"/> bytes, which this one passes over.</summary>
    public Hdf5Cursor Part(long count, string name)
    {
        long at = Address;
        return new Hdf5Cursor(Access, Take(count), at, name);
    }

    public void Skip(long count) => Take(count);

    /// <summary>Passes over padding up to a multiple of 8 counted from <paramref name="start"/>, as far as the structure goes.</summary>
    public void AlignFrom(int start) => Position = Math.Min(all.Length, start + ((Position - start + 7) & ~7));

    /// <summary>Bytes up to a zero, which is passed over.</summary>
    public ReadOnlySpan<byte> Terminated()
    {
        int length = all[Position..].IndexOf((byte)0);
        ReadOnlySpan<byte> text = length >= 0 ? Take(length) : throw Fault("a text has no terminating zero");
        Position++;
        return text;
    }

    /// <summary>Demands that the next four bytes are the lookup3 checksum of everything before them.</summary>
    public void Checksum()
    {
        uint computed = Lookup3.Of(all[..Position]);
        uint stored = U32();
        if (stored != computed)
        {
            throw Fault($"checksum must be {stored:x8}; is {computed:x8}");
        }
    }

    /// <summary>An exception at the current field.</summary>
    public readonly FileFormatException Fault(string message) => Access.File.Fault(Address, $"{what}: {message}");

    /// <summary>Demands that a field has one of the values that this reader knows.</summary>
    public readonly void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw Fault(message);
        }
    }

    private ulong Raw(int width)
    {
        ulong value = 0;
        ReadOnlySpan<byte> field = Take(width);
        for (int i = width - 1; i >= 0; i--)
        {
            value = (value << 8) | field[i];
        }
        return value;
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > Left)
        {
            throw Fault($"needs {count} bytes, {Left} are left");
        }
        ReadOnlySpan<byte> taken = all.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }
}
