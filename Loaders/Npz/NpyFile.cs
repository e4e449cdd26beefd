namespace NativeFree.Loaders.Npz;

/// <summary>A single npy array. It has no name in the file; <c>arr_0</c> is what NumPy calls nameless arrays.</summary>
internal sealed unsafe class NpyFile : ArrayFile
{
    private const string OnlyName = "arr_0";
    private const string Data = "npy data";
    private readonly FileBytes bytes;
    private readonly NpyHeader header;

    public NpyFile(FileBytes bytes, string path)
        : base(path)
    {
        this.bytes = bytes;
        try
        {
            int total = NpyHeader.TotalLength(bytes.Span(0, Math.Min(NpyHeader.PreambleLength, bytes.Length), "npy header"));
            header = NpyHeader.Parse(bytes.Span(0, total, "npy header"));
        }
        catch (FormatException fault) when (fault is not FileFormatException)
        {
            throw bytes.Fault(0, fault.Message);
        }
        SetArrays([NpyEntry.Create(OnlyName, header, bytes.Length, "contiguous", header)]);
    }

    public override string Kind => "npy";

    private protected override void Close() => bytes.Dispose();

    private protected override void Fill(ArrayEntry entry, byte* destination)
    {
        if (header.Fortran && entry.Shape.Count > 1)
        {
            FortranOrder.ToC(bytes.Pointer(header.Length, entry.Bytes, Data), destination, entry.Shape, entry.ItemSize);
        }
        else
        {
            bytes.Copy(header.Length, entry.Bytes, destination, Data);
        }
    }

    private protected override void Pieces(ArrayEntry entry, BytePieces receive)
    {
        if (header.Fortran && entry.Shape.Count > 1)
        {
            base.Pieces(entry, receive);
        }
        else
        {
            Slice(entry, bytes, header.Length, Data, receive);
        }
    }
}
