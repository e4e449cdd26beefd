using System.Buffers.Binary;
using System.Text;

namespace NativeFree.Loaders.Hdf5.Writing;

/// <summary>The fields of a structure under construction; little-endian, addresses and lengths of eight bytes.</summary>
internal sealed class MetadataBuffer
{
    /// <summary>The address that means "none".</summary>
    public const long Undefined = -1;

    private readonly MemoryStream bytes = new();

    public int Length => (int)bytes.Length;

    public byte[] ToArray() => bytes.ToArray();

    public MetadataBuffer U8(int value)
    {
        bytes.WriteByte((byte)value);
        return this;
    }

    public MetadataBuffer U16(int value)
    {
        Span<byte> field = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(field, checked((ushort)value));
        bytes.Write(field);
        return this;
    }

    public MetadataBuffer U32(long value)
    {
        Span<byte> field = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(field, checked((uint)value));
        bytes.Write(field);
        return this;
    }

    public MetadataBuffer U64(long value)
    {
        Span<byte> field = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(field, value);
        bytes.Write(field);
        return this;
    }

    public MetadataBuffer Raw(ReadOnlySpan<byte> value)
    {
        bytes.Write(value);
        return this;
    }

    public MetadataBuffer Ascii(string value) => Raw(Encoding.ASCII.GetBytes(value));

    /// <summary>Zeros up to <paramref name="length"/> bytes in all.</summary>
    public MetadataBuffer PadTo(int length)
    {
        while (bytes.Length < length)
        {
            bytes.WriteByte(0);
        }
        return this;
    }

    /// <summary>Zeros up to a multiple of eight bytes.</summary>
    public MetadataBuffer Align() => PadTo((Length + 7) & ~7);
}
