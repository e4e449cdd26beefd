namespace NativeFree.Loaders.Hdf5.Level2;

/// <summary>The messages that describe a group, dataset or committed datatype (IV.A.1). Version 1: 8-byte aligned blocks; version 2: "OHDR"
/// and "OCHK" blocks with checksums.</summary>
internal sealed class ObjectHeader
{
    private readonly List<HeaderMessage> messages = [];
    private readonly HashSet<long> blocks = [];

    private ObjectHeader(long address) => Address = address;

    /// <summary>Address of the header, which identifies the object.</summary>
    public long Address { get; }

    public IReadOnlyList<HeaderMessage> Messages => messages;

    /// <exception cref="FileFormatException">No object header of version 1 or 2, wrong checksum, messages that run past their block,
    /// continuations in a circle.</exception>
    public static ObjectHeader Read(Hdf5Access access, long address)
    {
        var header = new ObjectHeader(address);
        if (access.Read(address, 4, "object header").Bytes(4).SequenceEqual("OHDR"u8))
        {
            header.ReadVersion2(access);
        }
        else
        {
            header.ReadVersion1(access);
        }
        return header;
    }

    /// <summary>The first message of a kind, or null.</summary>
    public HeaderMessage? Find(MessageType type)
    {
        foreach (HeaderMessage message in messages)
        {
            if (message.Type == type)
            {
                return message;
            }
        }
        return null;
    }

    /// <summary>A cursor over a message's body; a shared message is followed to where it is stored.</summary>
    public Hdf5Cursor Open(Hdf5Access access, HeaderMessage message)
    {
        Hdf5Cursor body = access.Read(message.Address, message.Length, Name(message.Type));
        return message.IsShared ? SharedMessage.Follow(ref body, message.Type) : body;
    }

    private static string Name(MessageType type) => $"{type} message";

    private void ReadVersion1(Hdf5Access access)
    {
        Hdf5Cursor cursor = access.Read(Address, 16, "object header");
        int version = cursor.U8();
        cursor.Require(version == 1, $"must have version 1 or start with OHDR; version {version} stands there");
        cursor.Skip(1);
        int count = cursor.U16();
        cursor.Skip(4);
        var queue = new Queue<(long Address, long Length)>([(Address + 16, cursor.U32())]);
        while (queue.TryDequeue(out (long Address, long Length) block))
        {
            Visit(access, block.Address);
            Hdf5Cursor body = access.Read(block.Address, block.Length, "object header block");
            // A message needs 8 bytes; what is left below that is a gap.
            while (body.Left >= 8 && messages.Count < count)
            {
                var type = (MessageType)body.U16();
                int length = body.U16();
                byte flags = body.U8();
                body.Skip(3);
                Add(ref body, type, flags, length, queue);
            }
        }
    }

    private void ReadVersion2(Hdf5Access access)
    {
        Hdf5Cursor prefix = access.Read(Address, Math.Min(64, access.File.Length - Address), "object header");
        prefix.Skip(4);
        int version = prefix.U8();
        prefix.Require(version == 2, $"must have version 2; has {version}");
        byte flags = prefix.U8();
        prefix.Skip(((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0));
        long length = prefix.Number(1 << (flags & 3));
        long start = prefix.Position;
        bool ordered = (flags & 0x04) != 0;
        var queue = new Queue<(long Address, long Length)>();
        Block(access, Address, start, length + start + 4, ordered, queue);
        while (queue.TryDequeue(out (long Address, long Length) block))
        {
            access.Read(block.Address, 4, "OCHK"u8, "object header continuation");
            Block(access, block.Address, 4, block.Length, ordered, queue);
        }
    }

    /// <summary>One block of a version 2 header: <paramref name="prefix"/> bytes, messages, perhaps a gap, a checksum over all of
    /// it.</summary>
    private void Block(Hdf5Access access, long address, long prefix, long length, bool ordered, Queue<(long Address, long Length)> queue)
    {
        Visit(access, address);
        Hdf5Cursor whole = access.Read(address, length, "object header block");
        whole.Require(length >= prefix + 4, $"{length} bytes are too few");
        whole.Skip(length - 4);
        whole.Checksum();
        Hdf5Cursor body = access.Read(address + prefix, length - prefix - 4, "object header block");
        int head = ordered ? 6 : 4;
        while (body.Left >= head)
        {
            var type = (MessageType)body.U8();
            int size = body.U16();
            byte flags = body.U8();
            body.Skip(head - 4);
            Add(ref body, type, flags, size, queue);
        }
    }

    private void Add(ref Hdf5Cursor body, MessageType type, byte flags, int length, Queue<(long Address, long Length)> queue)
    {
        var message = new HeaderMessage(type, flags, body.Address, length);
        Hdf5Cursor content = body.Part(length, Name(type));
        if (type == MessageType.Continuation)
        {
            long address = content.Offset();
            queue.Enqueue((address, content.Length()));
        }
        else if (message.MustBeKnown && !Enum.IsDefined(type))
        {
            throw body.Fault($"message type {(int)type} must be understood to read the object, and is not known here");
        }
        messages.Add(message);
    }

    private void Visit(Hdf5Access access, long address)
    {
        if (!blocks.Add(address))
        {
            throw access.File.Fault(address, "an object header continues in a block that it already has");
        }
    }
}
