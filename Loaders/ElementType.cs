using System.Globalization;

namespace NativeFree.Loaders;

/// <summary>What kind of number or text an element is.</summary>
internal enum ElementKind
{
    /// <summary>Nothing the readers turn into values; only raw bytes, if those.</summary>
    Other,
    Float,
    BFloat,
    Signed,
    Unsigned,
    Bool,

    /// <summary>Bytes of fixed length, one text (UTF-8; padding at the end).</summary>
    FixedText,

    /// <summary>UTF-32 code units of fixed count, NumPy's <c>U</c>.</summary>
    WideText,

    /// <summary>A reference to a text of any length (HDF5).</summary>
    Text,
}

/// <summary>Kind, size in bytes and byte order of an element: the vocabulary that NumPy's and HDF5's types share.</summary>
internal readonly record struct ElementType(ElementKind Kind, int Size, bool BigEndian = false)
{
    /// <summary>NumPy's spelling, see <see cref="ArrayEntry.Dtype"/>.</summary>
    public string Dtype => Kind switch
    {
        ElementKind.Float => Order + "f" + Digits(Size),
        ElementKind.BFloat => BigEndian ? ">bfloat16" : "bfloat16",
        ElementKind.Signed => Order + "i" + Digits(Size),
        ElementKind.Unsigned => Order + "u" + Digits(Size),
        ElementKind.Bool => "|b1",
        ElementKind.FixedText => "|S" + Digits(Size),
        ElementKind.WideText => (BigEndian ? ">" : "<") + "U" + Digits(Size / 4),
        ElementKind.Text => "str",
        _ => "",
    };

    public bool IsNumber =>
        Kind is ElementKind.Float or ElementKind.BFloat or ElementKind.Signed or ElementKind.Unsigned or ElementKind.Bool;

    public bool IsInteger => Kind is ElementKind.Signed or ElementKind.Unsigned or ElementKind.Bool;

    public bool IsText => Kind is ElementKind.FixedText or ElementKind.WideText or ElementKind.Text;

    private string Order => Size == 1 ? "|" : BigEndian ? ">" : "<";

    private static string Digits(int n) => n.ToString(CultureInfo.InvariantCulture);
}
