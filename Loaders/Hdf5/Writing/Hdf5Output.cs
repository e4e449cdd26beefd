namespace NativeFree.Loaders.Hdf5.Writing;

/// <summary>The file being written: structures are appended, eight-byte aligned, and known by their address from then on.</summary>
internal sealed class Hdf5Output(FileStream stream)
{
    /// <summary>Appends a structure and returns its address.</summary>
    public long Append(ReadOnlySpan<byte> bytes)
    {
        long address = Align();
        stream.Write(bytes);
        return address;
    }

    /// <summary>Appends bytes right behind what was last written.</summary>
    public void Continue(ReadOnlySpan<byte> bytes) => stream.Write(bytes);

    /// <summary>Where the next structure would start.</summary>
    public long Align()
    {
        ReadOnlySpan<byte> zeros = [0, 0, 0, 0, 0, 0, 0, 0];
        stream.Write(zeros[..(int)(-stream.Position & 7)]);
        return stream.Position;
    }

    /// <summary>Overwrites the start of the file.</summary>
    public void PutFirst(ReadOnlySpan<byte> bytes)
    {
        long end = stream.Position;
        stream.Position = 0;
        stream.Write(bytes);
        stream.Position = end;
    }
}
