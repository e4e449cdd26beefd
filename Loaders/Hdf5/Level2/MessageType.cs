namespace NativeFree.Loaders.Hdf5.Level2;

/// <summary>Kinds of object header messages (File Format Specification 3.0, IV.A.2) that this reader looks at.</summary>
internal enum MessageType
{
    Nil = 0x00,
    Dataspace = 0x01,
    LinkInfo = 0x02,
    Datatype = 0x03,
    OldFillValue = 0x04,
    FillValue = 0x05,
    Link = 0x06,
    ExternalFiles = 0x07,
    DataLayout = 0x08,
    GroupInfo = 0x0A,
    FilterPipeline = 0x0B,
    Attribute = 0x0C,
    SharedMessageTable = 0x0F,
    Continuation = 0x10,
    SymbolTable = 0x11,
    BTreeKValues = 0x13,
    AttributeInfo = 0x15,
}

/// <summary>One message of an object header: its kind, its flags, and where its body lies.</summary>
internal readonly record struct HeaderMessage(MessageType Type, byte Flags, long Address, int Length)
{
    /// <summary>The body is not the message but a reference to it.</summary>
    public bool IsShared => (Flags & 0x02) != 0;

    /// <summary>Whoever does not know the message must not open the object.</summary>
    public bool MustBeKnown => (Flags & 0x80) != 0;
}
