using System.Text;

namespace NativeFree.Loaders;

public abstract unsafe partial class ArrayFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The texts of an array of texts (<c>str</c>, <c>|S…</c>, <c>&lt;U…</c>) in C order, padding removed. Bytes are UTF-8, or Latin-1
    /// where they are not valid UTF-8.
    /// </summary>
    /// <exception cref="ArgumentException">The entry is of another file.</exception>
    /// <exception cref="FileFormatException">The array is refused, damaged, or not of texts; or a <c>U</c> element holds no
    /// Unicode.</exception>
    public string[] ReadStrings(ArrayEntry entry)
    {
        Require(entry, entry.Count, entry.Type.IsText, "texts");
        string[] texts = new string[entry.Count];
        Guarded(entry, () =>
        {
            if (entry.Type.Kind == ElementKind.Text)
            {
                FillTexts(entry, texts);
                return;
            }
            Pieces(entry, (start, bytes) =>
            {
                int size = entry.ItemSize;
                for (int i = 0; (long)i * size < bytes.Length || (size == 0 && start + i < texts.Length); i++)
                {
                    ReadOnlySpan<byte> element = bytes.Slice(i * size, size);
                    texts[start + i] = entry.Type.Kind == ElementKind.WideText
                        ? DecodeWide(element, entry.Type.BigEndian)
                        : DecodeFixed(entry, element);
                }
            });
        });
        return texts;
    }

    /// <summary>Texts of any length; only HDF5 has them.</summary>
    private protected virtual void FillTexts(ArrayEntry entry, string[] texts) =>
        throw new FileFormatException(Path, "no texts of variable length in this format");

    /// <summary>One element of <c>|S</c>; NumPy pads with zero bytes.</summary>
    private protected virtual string DecodeFixed(ArrayEntry entry, ReadOnlySpan<byte> element) => DecodeBytes(element.TrimEnd((byte)0));

    /// <summary>UTF-8, or Latin-1 where the bytes are not valid UTF-8.</summary>
    internal static string DecodeBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }

    private string DecodeWide(ReadOnlySpan<byte> element, bool bigEndian)
    {
        try
        {
            var encoding = new UTF32Encoding(bigEndian, byteOrderMark: false, throwOnInvalidCharacters: true);
            return encoding.GetString(element).TrimEnd('\0');
        }
        catch (DecoderFallbackException fault)
        {
            throw new FileFormatException(Path, "a text holds a code unit that is no Unicode scalar", inner: fault);
        }
    }
}
