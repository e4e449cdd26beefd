namespace NativeFree.Loaders.Hdf5.Writing;

/// <summary>Packs texts of variable length into global heap collections and makes the references to them.</summary>
internal sealed class GlobalHeapBytes(Hdf5Output output)
{
    /// <summary>H5HG_MINSIZE.</summary>
    private const int Smallest = 4096;

    /// <summary>Texts share a collection up to this size; a longer one has its own.</summary>
    private const int Shared = 1 << 16;

    private const int Head = 16;
    private readonly List<byte[]> waiting = [];
    private readonly List<MetadataBuffer> references = [];
    private int waitingBytes;

    /// <summary>Takes texts; their references are in the result once <see cref="Flush"/> was called.</summary>
    public MetadataBuffer Add(byte[][] texts)
    {
        var reference = new MetadataBuffer();
        foreach (byte[] text in texts)
        {
            if (waitingBytes > 0 && waitingBytes + text.Length > Shared)
            {
                Flush();
            }
            waiting.Add(text);
            references.Add(reference);
            waitingBytes += Head + text.Length + 7;
        }
        return reference;
    }

    /// <summary>Writes what is waiting as one collection.</summary>
    public void Flush()
    {
        if (waiting.Count == 0)
        {
            return;
        }
        var objects = new MetadataBuffer();
        for (int i = 0; i < waiting.Count; i++)
        {
            // An empty text has no object; its reference is all zeros.
            if (waiting[i].Length > 0)
            {
                objects.U16(i + 1).U16(0).U32(0).U64(waiting[i].Length).Raw(waiting[i]).Align();
            }
        }
        int size = Math.Max(Smallest, Head + objects.Length + Head);
        MetadataBuffer collection = new MetadataBuffer().Ascii("GCOL").U8(1).U8(0).U16(0).U64(size).Raw(objects.ToArray());
        // Object 0 is the free rest and counts its own head.
        int rest = size - collection.Length;
        collection.U16(0).U16(0).U32(0).U64(rest).PadTo(size);
        long address = output.Append(collection.ToArray());
        for (int i = 0; i < waiting.Count; i++)
        {
            bool empty = waiting[i].Length == 0;
            references[i].U32(waiting[i].Length).U64(empty ? 0 : address).U32(empty ? 0 : i + 1);
        }
        waiting.Clear();
        references.Clear();
        waitingBytes = 0;
    }
}
