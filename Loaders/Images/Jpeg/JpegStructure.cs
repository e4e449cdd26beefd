using System.Buffers.Binary;

namespace NativeFree.Loaders.Images;

/// <summary>
/// The segments of a JPEG in order: the frame, its scans with the tables in force at each, and the marks that tell colours and orientation.
/// Nothing is decoded and no memory by claimed sizes
/// is taken here. Bytes after the end of the image are ignored; stray bytes between segments are stepped over, as in libjpeg.
/// </summary>
internal sealed partial class JpegStructure
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly JpegDamage damage;
    private readonly ushort[]?[] quant = new ushort[4][];
    private readonly HuffmanDefinition?[] dc = new HuffmanDefinition?[4], ac = new HuffmanDefinition?[4];
    private JpegFrame? frame;
    private int restartInterval;
    private int at;

    private JpegStructure(ReadOnlyMemory<byte> bytes, JpegDamage damage) => (this.bytes, this.damage) = (bytes, damage);

    internal JpegFrame Frame => frame!;

    internal List<JpegScan> Scans { get; } = [];

    /// <summary>A JFIF mark was seen: three components are YCbCr.</summary>
    internal bool Jfif { get; private set; }

    /// <summary>Adobe's colour transform (0 none, 1 YCbCr, 2 YCCK), or −1 without its mark.</summary>
    internal int AdobeTransform { get; private set; } = -1;

    internal int Orientation { get; private set; } = 1;

    internal static JpegStructure Read(ReadOnlyMemory<byte> bytes, JpegDamage damage, long maxPixels)
    {
        var structure = new JpegStructure(bytes, damage);
        structure.Walk(maxPixels);
        return structure.Scans.Count > 0 ? structure : throw damage.Fatal("a JPEG must hold a picture; there is no scan", structure.at);
    }

    private void Walk(long maxPixels)
    {
        for (at = 2; NextMarker(out byte marker);)
        {
            switch (marker)
            {
                case JpegMarker.Eoi:
                    return;
                case JpegMarker.Tem or (>= JpegMarker.Rst0 and <= JpegMarker.Rst7):
                    break;
                case JpegMarker.Soi:
                    throw damage.Fatal("a JPEG must begin once; got a second start of image", at - 2);
                case JpegMarker.Sos:
                    if (!ReadScan() || (!Frame.Progressive && Scans.Count == 1 && Scans[0].Components.Length == Frame.Components.Length))
                    {
                        return; // cut short, or the picture is complete
                    }

                    break;
                default:
                    if (!ReadSegment(marker, maxPixels))
                    {
                        return;
                    }

                    break;
            }
        }

        damage.Note("a JPEG should end with an end-of-image marker; the file ends without", bytes.Length);
    }

    /// <summary>Steps over stray and fill bytes to the next marker and behind it; false at the end of the file.</summary>
    private bool NextMarker(out byte marker)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        int start = at;
        while (at < span.Length)
        {
            int skip = span[at..].IndexOf((byte)0xFF);
            at = skip < 0 ? span.Length : at + skip;
            int stray = at - start;
            while (at < span.Length && span[at] == 0xFF)
            {
                at++;
            }

            if (at < span.Length && span[at] != 0)
            {
                if (stray > 0)
                {
                    damage.Note($"{stray} stray bytes stand before a marker", start);
                }

                marker = span[at++];
                return true;
            }
        }

        marker = 0;
        return false;
    }

    /// <summary>One segment with a length; false where the file ends inside it and the scans so far are to do.</summary>
    private bool ReadSegment(byte marker, long maxPixels)
    {
        int start = at;
        if (!TrySegment(out ReadOnlyMemory<byte> segment))
        {
            return false;
        }

        ReadOnlySpan<byte> data = segment.Span;
        switch (marker)
        {
            case JpegMarker.Sof0 or JpegMarker.Sof1 or JpegMarker.Sof2:
                frame = frame is null
                    ? JpegFrame.Parse(data, marker, damage, start + 2, maxPixels)
                    : throw damage.Fatal("a JPEG must have one frame; got a second", start);
                break;
            case JpegMarker.Dqt:
                ReadQuantization(data, start + 2);
                break;
            case JpegMarker.Dht:
                ReadHuffman(segment, start + 2);
                break;
            case JpegMarker.Dri:
                restartInterval = data.Length == 2
                    ? BinaryPrimitives.ReadUInt16BigEndian(data)
                    : throw damage.Fatal($"a restart interval must have 2 bytes; got {data.Length}", start);
                break;
            case JpegMarker.App0 when data.Length >= 14 && data.StartsWith("JFIF\0"u8):
                Jfif = true;
                break;
            case JpegMarker.App1 when data.StartsWith("Exif\0\0"u8):
                Orientation = ImageOrientation.Read(data[6..]);
                break;
            case JpegMarker.App14 when data.Length >= 12 && data.StartsWith("Adobe"u8):
                AdobeTransform = data[11];
                break;
            case (>= JpegMarker.App0 and <= JpegMarker.App15) or JpegMarker.Com or JpegMarker.Dnl:
                break;
            default:
                throw damage.Fatal(JpegMarker.Unsupported(marker) is { } process
                    ? $"a JPEG must be baseline, extended sequential or progressive with Huffman coding; got {process}, which is not supported; convert it"
                    : $"a JPEG segment must be known; got marker FF{marker:X2}", start - 2);
        }

        return true;
    }

    private bool TrySegment(out ReadOnlyMemory<byte> data)
    {
        int start = at, left = bytes.Length - at;
        int length = left < 2 ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(bytes.Span[at..]);
        if (length > left)
        {
            if (Scans.Count == 0)
            {
                throw damage.Fatal("a JPEG segment must end within the file: it is cut short", start);
            }

            damage.Report("a JPEG segment must end within the file: it is cut short", start);
            data = default;
            return false;
        }

        if (length < 2)
        {
            damage.Report($"a JPEG segment must be 2 bytes or longer; got {length}", start);
            length = 2; // an empty segment, as libjpeg takes it
        }

        data = bytes.Slice(start + 2, length - 2);
        at = start + length;
        return true;
    }
}
