using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NativeFree.Loaders.Npz;

/// <summary>
/// The header of an npy array: 0x93 "NUMPY", version, length, then a Python dict with exactly the keys descr, fortran_order and shape.
/// Format: NumPy Enhancement Proposal 1 and numpy.lib.format. The dict is scanned as text and never evaluated.
/// </summary>
internal sealed record NpyHeader(ElementType Type, string Descr, bool Fortran, long[] Shape, int Length)
{
    /// <summary>Enough for any array of numbers (NumPy itself stops at 10,000); record types, which need more, are refused
    /// anyway.</summary>
    private const int LongestHeader = 65535;

    /// <summary>Magic, version and a four-byte length: what must be there to know how long the header is.</summary>
    public const int PreambleLength = 12;

    /// <summary>A pickled object array, which is never unpickled.</summary>
    public bool IsObject => Descr is "|O" or "O";

    /// <summary>Bytes up to the data, from the first bytes of the array; 0 where <paramref name="preamble"/> is too short to
    /// tell.</summary>
    /// <exception cref="FormatException">No npy array, or a version or length that cannot be.</exception>
    public static int TotalLength(ReadOnlySpan<byte> preamble)
    {
        if (!preamble.StartsWith(Container.NpySignature))
        {
            throw new FormatException($"must start with the npy signature; starts with {Convert.ToHexString(preamble[..Math.Min(8, preamble.Length)])}");
        }
        if (preamble.Length < PreambleLength)
        {
            throw new FormatException("the npy header is cut off");
        }
        (byte major, byte minor) = (preamble[6], preamble[7]);
        if (major is < 1 or > 3 || minor != 0)
        {
            throw new FormatException($"npy version must be 1.0, 2.0 or 3.0; is {major}.{minor}");
        }
        uint length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(preamble[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(preamble[8..]);
        return length <= LongestHeader
            ? (int)length + (major == 1 ? 10 : 12)
            : throw new FormatException($"the npy header may have {LongestHeader} bytes; claims {length}");
    }

    /// <summary>Parses all <see cref="TotalLength"/> bytes of a header.</summary>
    /// <exception cref="FormatException">Anything but a dict of the three keys with values of their kinds, or a type outside the readable
    /// ones.</exception>
    public static NpyHeader Parse(ReadOnlySpan<byte> header)
    {
        ReadOnlySpan<byte> body = header[(header[6] == 1 ? 10 : 12)..];
        var text = new PythonLiteral(header[6] == 3 ? ArrayFile.DecodeBytes(body) : Encoding.Latin1.GetString(body));
        string? descr = null;
        bool? fortran = null;
        long[]? shape = null;
        text.Expect('{', "a dict");
        while (!text.Take('}'))
        {
            string key = text.Text("a key");
            text.Expect(':', "':' behind a key");
            switch (key)
            {
                case "descr" when descr is null:
                    descr = text.Peek('[')
                        ? throw new FormatException("record dtypes are not read; save each field as an array of its own")
                        : text.Text("descr");
                    break;
                case "fortran_order" when fortran is null:
                    fortran = text.Bool("fortran_order");
                    break;
                case "shape" when shape is null:
                    shape = text.Tuple("shape");
                    break;
                default:
                    throw new FormatException($"the npy header must hold descr, fortran_order and shape, once each; holds '{PythonLiteral.Shorten(key)}'");
            }
            if (!text.Take(','))
            {
                text.Expect('}', "',' or '}'");
                break;
            }
        }
        text.ExpectEnd();
        if (descr is null || fortran is null || shape is null)
        {
            throw new FormatException("the npy header must hold descr, fortran_order and shape; one is missing");
        }
        return new NpyHeader(ParseType(descr), descr, fortran.Value, shape, header.Length);
    }

    /// <summary>Elements × size, or −1 where that passes 2⁶³ − 1.</summary>
    public long DataBytes()
    {
        long count = ArrayEntry.Product(Shape);
        return Type.Size == 0 ? 0 : count > long.MaxValue / Type.Size ? -1 : count * Type.Size;
    }

    private static ElementType ParseType(string descr)
    {
        if (descr is "|O" or "O")
        {
            return new ElementType(ElementKind.Other, 0);
        }
        FormatException unknown = new($"dtype '{PythonLiteral.Shorten(descr)}' is not read; f2, f4, f8, i1 to i8, u1 to u8, b1, S and U are");
        if (descr.Length < 3 || descr[0] is not ('<' or '>' or '|' or '=')
            || !int.TryParse(descr.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int size) || size > 1 << 24)
        {
            throw unknown;
        }
        ElementKind kind = (descr[1], size) switch
        {
            ('f', 2 or 4 or 8) => ElementKind.Float,
            ('i', 1 or 2 or 4 or 8) => ElementKind.Signed,
            ('u', 1 or 2 or 4 or 8) => ElementKind.Unsigned,
            ('b', 1) => ElementKind.Bool,
            ('S' or 'a', _) => ElementKind.FixedText,
            ('U', _) => ElementKind.WideText,
            _ => throw unknown,
        };
        bool ordered = kind == ElementKind.WideText || (kind != ElementKind.FixedText && size > 1);
        bool big = descr[0] == '>' || (descr[0] == '=' && !BitConverter.IsLittleEndian);
        return new ElementType(kind, kind == ElementKind.WideText ? size * 4 : size, ordered && big);
    }
}
