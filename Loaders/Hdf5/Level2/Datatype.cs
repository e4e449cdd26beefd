namespace NativeFree.Loaders.Hdf5.Level2;

/// <summary>How texts of fixed length end (IV.A.2.d, class 3).</summary>
internal enum TextPadding
{
    /// <summary>At the first zero.</summary>
    NullTerminated = 0,

    /// <summary>Zeros fill the rest.</summary>
    NullPadded = 1,

    /// <summary>Spaces fill the rest, as in Fortran.</summary>
    SpacePadded = 2,
}

/// <summary>
/// An element's type (IV.A.2.d): numbers in IEEE format, two's complement or unsigned integers, enumerations of these, texts. Everything
/// else is recognised, so that it can be refused by name.
/// </summary>
/// <param name="Element">What the readers make of it; <see cref="ElementKind.Other"/> when nothing.</param>
/// <param name="Refusal">Why it is not read, or null.</param>
/// <param name="ClassName">The specification's word for the class, for types that have no spelling in NumPy.</param>
internal sealed record Datatype(ElementType Element, string? Refusal = null, string ClassName = "")
{
    public TextPadding Padding { get; init; }

    public static Datatype Read(ref Hdf5Cursor cursor)
    {
        byte first = cursor.U8();
        int version = first >> 4;
        cursor.Require(version is >= 1 and <= 5, $"version must be 1 to 5; is {version}");
        int bits = cursor.U8() | (cursor.U8() << 8) | (cursor.U8() << 16);
        long size = cursor.U32();
        cursor.Require(size > 0, "an element must have more than 0 bytes");
        return (first & 0x0F) switch
        {
            0 => Integer(ref cursor, bits, size),
            1 => Float(ref cursor, bits, size),
            2 => Refused("time", size),
            3 => FixedText(ref cursor, bits, size),
            4 => Refused("bit field", size),
            5 => Refused("opaque", size),
            6 => Refused("compound", size),
            7 => Refused("reference", size),
            8 => EnumDatatype.Read(ref cursor, version, bits & 0xFFFF, size),
            9 => Variable(ref cursor, bits, size),
            10 => Refused("array", size),
            11 => Refused("complex", size),
            int unknown => throw cursor.Fault($"type class must be 0 to 11; is {unknown}"),
        };
    }

    /// <summary>A type that is refused by the name of its class.</summary>
    public static Datatype Refused(string className, long size) =>
        new(new ElementType(ElementKind.Other, (int)Math.Min(size, int.MaxValue)),
            $"type class {className} is not read; numbers, enumerations and texts are", className);

    private static Datatype Integer(ref Hdf5Cursor cursor, int bits, long size)
    {
        int offset = cursor.U16(), precision = cursor.U16();
        if (size is not (1 or 2 or 4 or 8) || offset != 0 || precision != 8 * size)
        {
            return new(new ElementType(ElementKind.Other, (int)Math.Min(size, int.MaxValue)),
                $"integers must have 1, 2, 4 or 8 bytes, all bits used; this has {size} bytes, {precision} bits from bit {offset} on",
                "integer");
        }
        return new(new ElementType((bits & 8) != 0 ? ElementKind.Signed : ElementKind.Unsigned, (int)size, size > 1 && (bits & 1) != 0));
    }

    private static Datatype Float(ref Hdf5Cursor cursor, int bits, long size)
    {
        int offset = cursor.U16(), precision = cursor.U16();
        (int exponentAt, int exponentBits) = (cursor.U8(), cursor.U8());
        (int mantissaAt, int mantissaBits) = (cursor.U8(), cursor.U8());
        long bias = cursor.U32();
        // Sign position, exponent position and size, mantissa position and size, exponent bias; bits 4 and 5 = 2: the leading one is
        // implied.
        var fields = ((bits >> 8) & 0xFF, exponentAt, exponentBits, mantissaAt, mantissaBits, bias);
        bool plain = offset == 0 && precision == 8 * size && (bits & 0x40) == 0 && ((bits >> 4) & 3) == 2;
        ElementKind kind = (plain, size, fields) switch
        {
            (true, 2, (15, 10, 5, 0, 10, 15)) => ElementKind.Float,
            (true, 4, (31, 23, 8, 0, 23, 127)) => ElementKind.Float,
            (true, 8, (63, 52, 11, 0, 52, 1023)) => ElementKind.Float,
            (true, 2, (15, 7, 8, 0, 7, 127)) => ElementKind.BFloat,
            _ => ElementKind.Other,
        };
        return kind != ElementKind.Other
            ? new(new ElementType(kind, (int)size, (bits & 1) != 0))
            : new(new ElementType(kind, (int)Math.Min(size, int.MaxValue)),
                $"floats must be IEEE's of 2, 4 or 8 bytes or bfloat16; this has {size} bytes, sign at bit {fields.Item1}, exponent {exponentBits} bits at {exponentAt}, mantissa {mantissaBits} bits at {mantissaAt}, bias {bias}", "float");
    }

    private static Datatype FixedText(ref Hdf5Cursor cursor, int bits, long size)
    {
        int padding = bits & 0x0F;
        cursor.Require(padding <= 2, $"text padding must be 0, 1 or 2; is {padding}");
        cursor.Require(size <= int.MaxValue, $"a text of {size} bytes is beyond 2 GiB");
        return new(new ElementType(ElementKind.FixedText, (int)size)) { Padding = (TextPadding)padding };
    }

    /// <summary>Class 9. A text of any length is a length, a global heap address and an index; a sequence of other elements is
    /// refused.</summary>
    private static Datatype Variable(ref Hdf5Cursor cursor, int bits, long size)
    {
        if ((bits & 0x0F) != 1)
        {
            return Refused("vlen sequence", size);
        }
        int expected = 8 + cursor.Access.Superblock.OffsetSize;
        cursor.Require(size == expected, $"a text of variable length must have {expected} bytes; has {size}");
        return new(new ElementType(ElementKind.Text, expected));
    }
}
