namespace NativeFree.Loaders.Hdf5.Level2;

/// <summary>Enumerations (IV.A.2.d, class 8) are read as the integers they are stored in; h5py's <c>{FALSE: 0, TRUE: 1}</c> in one byte is
/// NumPy's bool.</summary>
internal static class EnumDatatype
{
    public static Datatype Read(ref Hdf5Cursor cursor, int version, int members, long size)
    {
        Datatype stored = Datatype.Read(ref cursor);
        if (!stored.Element.IsInteger || stored.Element.Size != size)
        {
            return Datatype.Refused("enum of no integer", size);
        }
        return size == 1 && members == 2 && IsBool(ref cursor, version) ? new Datatype(new ElementType(ElementKind.Bool, 1)) : stored;
    }

    private static bool IsBool(ref Hdf5Cursor cursor, int version)
    {
        bool named = true;
        foreach (string expected in (string[])["FALSE", "TRUE"])
        {
            int start = cursor.Position;
            named &= ArrayFile.DecodeBytes(cursor.Terminated()) == expected;
            if (version < 3)
            {
                cursor.AlignFrom(start);
            }
        }
        ReadOnlySpan<byte> values = cursor.Bytes(2);
        return named && values[0] == 0 && values[1] == 1;
    }
}
