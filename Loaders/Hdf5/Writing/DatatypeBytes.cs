namespace NativeFree.Loaders.Hdf5.Writing;

/// <summary>Datatype and dataspace messages, version 1.</summary>
internal static class DatatypeBytes
{
    private const int FixedPoint = 0x10, FloatingPoint = 0x11, Text = 0x13, Enumeration = 0x18, VariableLength = 0x19;
    private const int NullPadded = 1, Utf8 = 0x10;

    /// <summary>The type of an element; bool is h5py's enumeration of FALSE and TRUE.</summary>
    public static byte[] Of(ElementType type) => type.Kind switch
    {
        ElementKind.Float => Float(type),
        ElementKind.Signed => Integer(type, true),
        ElementKind.Unsigned => Integer(type, false),
        ElementKind.Bool => new MetadataBuffer().U8(Enumeration).U8(2).U8(0).U8(0).U32(1)
            .Raw(Integer(new ElementType(ElementKind.Signed, 1), true))
            .Ascii("FALSE").PadTo(28).Ascii("TRUE").PadTo(36).U8(0).U8(1).ToArray(),
        ElementKind.FixedText => FixedText(type.Size, Utf8),
        _ => throw new ArgumentException($"{type.Dtype} has no HDF5 type here"),
    };

    /// <summary>Texts of <paramref name="size"/> bytes, zeros behind; <paramref name="characterSet"/> 0 for ASCII.</summary>
    public static byte[] FixedText(int size, int characterSet = 0) =>
        new MetadataBuffer().U8(Text).U8(NullPadded | characterSet).U8(0).U8(0).U32(size).ToArray();

    /// <summary>UTF-8 texts of any length, as h5py makes them: zero-terminated, of bytes.</summary>
    public static byte[] VariableText() =>
        new MetadataBuffer().U8(VariableLength).U8(1).U8(1).U8(0).U32(16).U8(Text).U8(Utf8).U8(0).U8(0).U32(1).ToArray();

    public static byte[] Dataspace(IReadOnlyList<long> shape)
    {
        MetadataBuffer space = new MetadataBuffer().U8(1).U8(shape.Count).U8(0).U8(0).U32(0);
        foreach (long extent in shape)
        {
            space.U64(extent);
        }
        return space.ToArray();
    }

    private static byte[] Integer(ElementType type, bool signed) =>
        new MetadataBuffer().U8(FixedPoint).U8((signed ? 8 : 0) | (type.BigEndian ? 1 : 0)).U8(0).U8(0).U32(type.Size)
            .U16(0).U16(8 * type.Size).ToArray();

    private static byte[] Float(ElementType type)
    {
        (int sign, int exponentAt, int exponentBits, int mantissaBits, int bias) = type.Size switch
        {
            2 => (15, 10, 5, 10, 15),
            4 => (31, 23, 8, 23, 127),
            _ => (63, 52, 11, 52, 1023),
        };
        // 0x20: the leading one of the mantissa is implied.
        return new MetadataBuffer().U8(FloatingPoint).U8(0x20 | (type.BigEndian ? 1 : 0)).U8(sign).U8(0).U32(type.Size)
            .U16(0).U16(8 * type.Size).U8(exponentAt).U8(exponentBits).U8(0).U8(mantissaBits).U32(bias).ToArray();
    }
}
