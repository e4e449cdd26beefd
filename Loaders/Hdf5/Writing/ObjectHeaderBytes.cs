using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Loaders.Hdf5.Writing;

/// <summary>A version 1 object header in one block.</summary>
internal sealed class ObjectHeaderBytes
{
    /// <summary>A message's size is a 16-bit multiple of eight.</summary>
    public const int LongestMessage = 65528;

    private readonly MetadataBuffer messages = new();
    private int count;

    public void Add(MessageType type, byte[] body, byte flags = 0)
    {
        int size = (body.Length + 7) & ~7;
        if (size > LongestMessage)
        {
            throw new ArgumentException($"an attribute or header message may have {LongestMessage} bytes; this has {body.Length}; texts of variable length and split lists of names avoid that");
        }
        messages.U16((int)type).U16(size).U8(flags).U8(0).U16(0).Raw(body).Align();
        count++;
    }

    public byte[] ToArray() =>
        new MetadataBuffer().U8(1).U8(0).U16(count).U32(1).U32(messages.Length).U32(0).Raw(messages.ToArray()).ToArray();
}
