using NativeFree.Loaders.Hdf5.Level1;

namespace NativeFree.Loaders.Hdf5.Level2;

/// <summary>A message that stands elsewhere: in the header of a committed datatype, or in the file's heap of shared messages (IV.A.2,
/// "shared message").</summary>
internal static class SharedMessage
{
    private const int InHeap = 1;

    /// <summary>Decodes the reference under <paramref name="cursor"/> and opens the body it refers to. One step only: what is shared is not
    /// itself a reference.</summary>
    /// <exception cref="FileFormatException">Unknown version, or no such message there.</exception>
    public static Hdf5Cursor Follow(scoped ref Hdf5Cursor cursor, MessageType type)
    {
        Hdf5Access access = cursor.Access;
        int version = cursor.U8();
        int kind = cursor.U8();
        cursor.Require(version is >= 1 and <= 3, $"a shared message must have version 1 to 3; has {version}");
        if (version == 3 && kind == InHeap)
        {
            SharedMessageTable table = access.Superblock.SharedMessages
                ?? throw cursor.Fault("it lies in the heap of shared messages, which the file does not have");
            return table.Open(access, type, cursor.Bytes(8));
        }
        // Version 1 held a symbol table entry, whose first field is a name's offset.
        cursor.Skip(version == 1 ? 6 + access.Superblock.LengthSize : 0);
        long address = cursor.Offset();
        cursor.Require(address >= 0, "a shared message has no address");
        foreach (HeaderMessage message in ObjectHeader.Read(access, address).Messages)
        {
            if (message.Type == type && !message.IsShared)
            {
                return access.Read(message.Address, message.Length, $"shared {type} message");
            }
        }
        throw cursor.Fault($"the object at {address} has no {type} message to share");
    }
}
