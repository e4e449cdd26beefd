using System.Runtime.InteropServices;
using System.Text;

namespace NativeFree.Tests.Benchmarks;

/// <summary>A protocol-buffers message taken apart, by a reader that shares nothing with the writer under test.</summary>
internal sealed class ProtobufFields
{
    private readonly List<(int Field, long Number, byte[] Bytes)> fields = [];

    public static ProtobufFields Read(byte[] data)
    {
        var result = new ProtobufFields();
        int at = 0;
        while (at < data.Length)
        {
            long key = Varint(data, ref at);
            switch (key & 7)
            {
                case 0:
                    result.fields.Add(((int)(key >> 3), Varint(data, ref at), []));
                    break;
                case 2:
                    int length = (int)Varint(data, ref at);
                    result.fields.Add(((int)(key >> 3), 0, data[at..(at + length)]));
                    at += length;
                    break;
                case 5:
                    result.fields.Add(((int)(key >> 3), 0, data[at..(at + 4)]));
                    at += 4;
                    break;
                default:
                    Assert.Fail($"wire type {key & 7}");
                    break;
            }
        }
        return result;
    }

    public long Integer(int field) => fields.First(f => f.Field == field).Number;

    public long[] Integers(int field) => [.. fields.Where(f => f.Field == field).Select(f => f.Number)];

    public string Text(int field) => Texts(field)[0];

    public string[] Texts(int field) => [.. fields.Where(f => f.Field == field).Select(f => Encoding.UTF8.GetString(f.Bytes))];

    public ProtobufFields Message(int field) => Messages(field)[0];

    public ProtobufFields[] Messages(int field) => [.. fields.Where(f => f.Field == field).Select(f => Read(f.Bytes))];

    public float[] Floats(int field) => MemoryMarshal.Cast<byte, float>(fields.First(f => f.Field == field).Bytes).ToArray();

    private static long Varint(byte[] data, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = data[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return (long)value;
        }
    }
}
