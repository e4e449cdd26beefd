using System.Runtime.InteropServices;
using System.Text;

namespace NativeFree.Benchmarks;

/// <summary>
/// A protocol-buffers message being built: fields in the order added, nested messages by reference, float arrays without a copy. Wire format: protobuf.dev/programming-guides/encoding; a field is a varint
/// number·8 + wire type (0 varint, 2 length and bytes, 5 four bytes) and its value.
/// </summary>
internal sealed class ProtobufMessage
{
    private readonly List<Part> parts = [];

    /// <summary>Bytes of the message without its own length.</summary>
    public long Length => parts.Sum(static part => part.Length);

    public ProtobufMessage Integer(int field, long value) => Add([.. Varint(((ulong)field << 3) | 0), .. Varint((ulong)value)]);

    public ProtobufMessage Float(int field, float value) => Add([.. Varint(((ulong)field << 3) | 5), .. BitConverter.GetBytes(value)]);

    public ProtobufMessage Text(int field, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        return Add([.. Head(field, bytes.Length), .. bytes]);
    }

    /// <summary>A bytes field that holds the values as little-endian float32.</summary>
    public ProtobufMessage Values(int field, ReadOnlyMemory<float> values)
    {
        parts.Add(new Part([.. Head(field, 4L * values.Length)], null, values));
        return this;
    }

    /// <summary>A nested message, complete when it is added.</summary>
    public ProtobufMessage Nested(int field, ProtobufMessage message)
    {
        parts.Add(new Part([.. Head(field, message.Length)], message, default));
        return this;
    }

    public void WriteTo(Stream stream)
    {
        foreach (Part part in parts)
        {
            stream.Write(part.Head);
            stream.Write(MemoryMarshal.AsBytes(part.Values.Span));
            part.Message?.WriteTo(stream);
        }
    }

    private ProtobufMessage Add(byte[] bytes)
    {
        parts.Add(new Part(bytes, null, default));
        return this;
    }

    private static IEnumerable<byte> Head(int field, long length) => Varint(((ulong)field << 3) | 2).Concat(Varint((ulong)length));

    // Seven bits a byte, the low ones first, the high bit set while more follow.
    private static IEnumerable<byte> Varint(ulong value)
    {
        while (value >= 0x80)
        {
            yield return (byte)(value | 0x80);
            value >>= 7;
        }
        yield return (byte)value;
    }

    private readonly record struct Part(byte[] Head, ProtobufMessage? Message, ReadOnlyMemory<float> Values)
    {
        public long Length { get; } = Head.Length + (4L * Values.Length) + (Message?.Length ?? 0);
    }
}
