using System.Buffers.Binary;
using System.Text;

namespace NativeFree.Loaders.Images;

/// <summary>
/// The chunks of a PNG in order, reduced to those that bear on the samples (and eXIf for the orientation). Text, profiles, gamma and the
/// rest are stepped over unread, so what they
/// inflate to does not matter. Every chunk that is used has its checksum verified. Bytes after IEND are ignored; a file that ends cleanly
/// before IEND is accepted, since the image data is checked by itself.
/// </summary>
internal sealed class PngChunks
{
    private const int SignatureLength = 8;
    private readonly string file;
    private readonly ReadOnlyMemory<byte> bytes;
    private bool dataEnded;

    private PngChunks(string file, ReadOnlyMemory<byte> bytes) => (this.file, this.bytes) = (file, bytes);

    internal PngHeader Header { get; private set; }

    /// <summary>Colours as R, G, B triples; empty where the colour type needs none.</summary>
    internal ReadOnlyMemory<byte> Palette { get; private set; }

    /// <summary>tRNS as stored, or empty.</summary>
    internal ReadOnlyMemory<byte> Transparency { get; private set; }

    /// <summary>The TIFF block of eXIf, or empty.</summary>
    internal ReadOnlyMemory<byte> Exif { get; private set; }

    /// <summary>The compressed image data, in pieces.</summary>
    internal List<ReadOnlyMemory<byte>> Data { get; } = [];

    /// <summary>Total length of <see cref="Data"/>.</summary>
    internal long DataLength { get; private set; }

    internal static PngChunks Read(ReadOnlyMemory<byte> bytes, string file, long maxPixels)
    {
        var chunks = new PngChunks(file, bytes);
        chunks.Walk(maxPixels);
        if (chunks.Header.Color == PngColor.Palette && chunks.Palette.IsEmpty)
        {
            throw new FileFormatException(file, "a PNG of palette indices needs a PLTE chunk; there is none");
        }

        return chunks.Data.Count > 0 ? chunks : throw new FileFormatException(file, "a PNG needs image data; there is no IDAT chunk");
    }

    private void Walk(long maxPixels)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        for (int at = SignatureLength; at < span.Length;)
        {
            if (span.Length - at < 12)
            {
                throw new FileFormatException(
                    file, $"a PNG chunk has at least 12 bytes; the file ends after {span.Length - at}: it is cut short", at);
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(span[at..]);
            if (length > span.Length - at - 12)
            {
                throw new FileFormatException(
                    file, $"a PNG chunk must end within the file; got {length} bytes of data where {span.Length - at - 12} remain: it is cut short", at);
            }

            string type = TypeOf(span.Slice(at + 4, 4), at);
            if (at == SignatureLength && type != "IHDR")
            {
                throw new FileFormatException(file, type == "CgBI" ? "a PNG must follow the specification; got Apple's CgBI variant; convert it" : $"a PNG must begin with IHDR; got {type}", at);
            }

            if (type == "IEND")
            {
                return;
            }

            Take(type, at, (int)length, maxPixels);
            at += 12 + (int)length;
        }
    }

    private string TypeOf(ReadOnlySpan<byte> type, int at)
    {
        foreach (byte letter in type)
        {
            if (!char.IsAsciiLetter((char)letter))
            {
                throw new FileFormatException(
                    file, $"a PNG chunk's type must be four letters; got {Convert.ToHexString(type)}: the file is damaged", at + 4);
            }
        }

        return Encoding.ASCII.GetString(type);
    }

    private void Take(string type, int at, int length, long maxPixels)
    {
        ReadOnlyMemory<byte> data = bytes.Slice(at + 8, length);
        switch (type)
        {
            case "IHDR":
                Check(type, at, length);
                RequireOnce(at == SignatureLength, type, at);
                Header = PngHeader.Parse(data.Span, file, at + 8, maxPixels);
                break;
            case "PLTE" when Header.Color is PngColor.Grey or PngColor.GreyAlpha:
            case "tRNS" when Header.Color is PngColor.GreyAlpha or PngColor.Rgba:
                break; // out of place there and without meaning; libpng steps over them too
            case "PLTE":
                Check(type, at, length);
                RequireOnce(Palette.IsEmpty && Data.Count == 0, type, at);
                Palette = RequirePalette(data, at);
                break;
            case "tRNS":
                Check(type, at, length);
                RequireOnce(Transparency.IsEmpty && Data.Count == 0, type, at);
                Transparency = RequireTransparency(data, at);
                break;
            case "IDAT":
                Check(type, at, length);
                RequireOnce(!dataEnded, type, at);
                Data.Add(data);
                DataLength += length;
                break;
            case "eXIf" when Crc32.Of(bytes.Span.Slice(at + 4, length + 4)) == Crc(at, length):
                Exif = data;
                break;
            default:
                RequireAncillary(type, at);
                break;
        }

        dataEnded |= Data.Count > 0 && type != "IDAT";
    }

    private uint Crc(int at, int length) => BinaryPrimitives.ReadUInt32BigEndian(bytes.Span[(at + 8 + length)..]);

    private void Check(string type, int at, int length)
    {
        uint computed = Crc32.Of(bytes.Span.Slice(at + 4, length + 4)), stored = Crc(at, length);
        if (computed != stored)
        {
            throw new FileFormatException(file, $"the checksum of {type} must be {computed:X8}; got {stored:X8}: the file is damaged", at);
        }
    }

    private void RequireOnce(bool inPlace, string type, int at)
    {
        if (!inPlace)
        {
            throw new FileFormatException(file, $"{type} may stand only once, IDAT in one run after PLTE and tRNS; got another {type}", at);
        }
    }

    /// <summary>Bit 5 of the first letter is clear for chunks without which the image cannot be shown.</summary>
    private void RequireAncillary(string type, int at)
    {
        if ((type[0] & 0x20) == 0)
        {
            throw new FileFormatException(file, $"every critical chunk must be known; got {type}", at);
        }
    }

    private ReadOnlyMemory<byte> RequirePalette(ReadOnlyMemory<byte> data, int at)
    {
        int limit = Header.Color == PngColor.Palette ? 3 << Header.Depth : 3 * 256;
        return data.Length is > 0 && data.Length <= limit && data.Length % 3 == 0
            ? data
            : throw new FileFormatException(file, $"PLTE must hold 1..{limit / 3} colours of 3 bytes; got {data.Length} bytes", at);
    }

    private ReadOnlyMemory<byte> RequireTransparency(ReadOnlyMemory<byte> data, int at)
    {
        bool fits = Header.Color switch
        {
            PngColor.Grey => data.Length == 2,
            PngColor.Rgb => data.Length == 6,
            _ => data.Length is > 0 && data.Length <= Palette.Length / 3,
        };
        return fits ? data : throw new FileFormatException(
            file, $"tRNS of {data.Length} bytes does not fit colour type {(int)Header.Color} with {Palette.Length / 3} colours", at);
    }
}
