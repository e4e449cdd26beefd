namespace NativeFree.Loaders.Npz;

/// <summary>Turns an npy header into an entry, and says what speaks against reading it.</summary>
internal static class NpyEntry
{
    /// <summary>Elements of zero bytes (<c>U0</c>) cost nothing in the file, so their number has a limit of its own.</summary>
    private const long MostEmptyElements = 1 << 20;

    /// <summary>The entry of an array whose header and data have <paramref name="bytes"/> bytes in all.</summary>
    public static ArrayEntry Create(string name, NpyHeader header, long bytes, string storage, object source)
    {
        bool isNone = header.IsObject && header.Shape.Length == 0;
        return new ArrayEntry(name, header.Type, header.Shape, header.Fortran && header.Shape.Length > 1 ? storage + " fortran" : storage)
        {
            Dtype = header.IsObject ? "|O" : header.Type.Dtype,
            IsNone = isNone,
            Count = isNone ? 0 : ArrayEntry.Product(header.Shape),
            Refusal = isNone ? null : Refusal(header, bytes),
            Source = source,
        };
    }

    /// <summary>The entry of something that has no readable header.</summary>
    public static ArrayEntry Refused(string name, string storage, string reason) =>
        new(name, new ElementType(ElementKind.Other, 0), [], storage) { Count = 0, Refusal = reason };

    private static string? Refusal(NpyHeader header, long bytes)
    {
        if (header.IsObject)
        {
            return "pickled Python objects are never unpickled; save the array with a numeric dtype";
        }
        long needed = header.DataBytes();
        if (needed < 0 || needed != bytes - header.Length)
        {
            return $"shape ({string.Join(", ", header.Shape)}) of {header.Descr} needs {(needed < 0 ? "more than 2^63" : needed)} bytes of data; there are {bytes - header.Length}";
        }
        return header.Type.Size == 0 && ArrayEntry.Product(header.Shape) > MostEmptyElements
            ? $"more than {MostEmptyElements} elements of no size"
            : null;
    }
}
