namespace NativeFree.Loaders.Hdf5.Level1;

/// <summary>A global heap collection (III.E): where the texts of variable length are.</summary>
internal sealed class GlobalHeap
{
    private readonly Dictionary<int, (long Address, long Size)> objects = [];
    private readonly long address;

    private GlobalHeap(long address) => this.address = address;

    public static GlobalHeap Read(Hdf5Access access, long address)
    {
        // Heads are eight bytes and a length, filled up to a multiple of eight.
        int headLength = (8 + access.Superblock.LengthSize + 7) & ~7;
        Hdf5Cursor head = access.Read(address, headLength, "GCOL"u8, "global heap");
        int version = head.U8();
        head.Require(version == 1, $"version must be 1; is {version}");
        head.Skip(3);
        long size = head.Length();
        Hdf5Cursor body = access.Read(address, size, "global heap");
        body.Skip(headLength);
        var heap = new GlobalHeap(address);
        // An object's head is index, reference count, four reserved bytes and its size; index 0 is the free rest.
        while (body.Left >= headLength)
        {
            int start = body.Position;
            int index = body.U16();
            body.Skip(6);
            long bytes = body.Length();
            body.AlignFrom(start);
            if (index == 0)
            {
                break;
            }
            long at = body.Address;
            body.Skip(bytes);
            body.Skip(Math.Min(body.Left, -bytes & 7));
            body.Require(heap.objects.TryAdd(index, (at, bytes)), $"two objects have index {index}");
        }
        return heap;
    }

    /// <summary>The first <paramref name="length"/> bytes of an object.</summary>
    /// <exception cref="FileFormatException">There is no such object, or it is shorter.</exception>
    public ReadOnlySpan<byte> Object(Hdf5Access access, int index, long length)
    {
        if (!objects.TryGetValue(index, out (long Address, long Size) found))
        {
            throw access.File.Fault(address, $"global heap: no object has index {index}");
        }
        return length <= found.Size
            ? access.File.Span(found.Address, length, "global heap object")
            : throw access.File.Fault(found.Address, $"global heap: object {index} has {found.Size} bytes, {length} are asked for");
    }
}
