namespace NativeFree.Loaders.Images;

/// <summary>
/// JPEG (ITU-T T.81): baseline, extended sequential and progressive with Huffman coding and 8-bit samples; grey, YCbCr, RGB, CMYK and YCCK
/// at any sampling factors.
/// Byte for byte what libjpeg-turbo gives with its defaults (accurate integer transform, fancy upsampling).
/// </summary>
internal static class JpegDecoder
{
    /// <summary>
    /// Blocks that all scans together may visit beyond sixteen a block of the frame: a file that repeats scans is stopped, any honest one
    /// is far below.
    /// </summary>
    private const long ExtraVisits = 1 << 26;

    internal static DecodedImage Decode(ReadOnlyMemory<byte> file, string name, ImageOptions options)
    {
        var damage = new JpegDamage(name, options.AcceptDamaged);
        JpegStructure structure = JpegStructure.Read(file, damage, options.MaxPixels);
        JpegFrame frame = structure.Frame;
        RequireRoom(structure, damage);
        foreach (JpegComponent component in frame.Components)
        {
            if (frame.Progressive)
            {
                component.Coefficients = new short[component.PaddedBlocksHigh][];
            }
            else
            {
                component.Plane = NewPlane(component, options.AcceptDamaged);
            }
        }

        foreach (JpegScan scan in structure.Scans)
        {
            JpegScanDecoder.Decode(frame, scan, damage);
        }

        if (frame.Progressive)
        {
            JpegCoefficients.ToSamples(structure, damage);
        }

        return JpegColor.Compose(structure, damage);
    }

    /// <summary>Grey where a damaged file leaves blocks out: what a block of zeros decodes to.</summary>
    internal static byte[] NewPlane(JpegComponent component, bool grey)
    {
        var plane = new byte[component.PaddedBlocksHigh * 8 * component.Stride];
        if (grey)
        {
            Array.Fill(plane, (byte)128);
        }

        return plane;
    }

    /// <summary>
    /// Before memory is taken: every block of a sequential scan costs two bits at least (a DC and an end), of a DC scan one; a short file
    /// cannot hold a large picture.
    /// </summary>
    private static void RequireRoom(JpegStructure structure, JpegDamage damage)
    {
        JpegFrame frame = structure.Frame;
        long samples = frame.Components.Max(c => (long)c.Stride * c.PaddedBlocksHigh * 8);
        long blocks = frame.Components.Sum(c => (long)c.Stride / 8 * c.PaddedBlocksHigh), visits = 0;
        if (samples > Array.MaxLength || (long)frame.Width * frame.Height * 4 > Array.MaxLength)
        {
            throw damage.Fatal($"an image may have {Array.MaxLength} samples; got {frame.Width}×{frame.Height}; scale it down first", 0);
        }

        if (Array.Find(frame.Components, c => c.Quant is null) is { } missing)
        {
            damage.Report(
                $"every component must be in a scan; component {missing.Id} is not: the file is cut short", structure.Scans[^1].Offset);
        }

        foreach (JpegScan scan in structure.Scans)
        {
            int bits = !frame.Progressive ? 2 : scan is { First: 0 } ? 1 : 0;
            if (scan.Blocks(frame) * bits > scan.Data.Length * 8L)
            {
                damage.Report(
                    $"a scan must code {scan.Blocks(frame)} blocks; its {scan.Data.Length} bytes are too few: the file is cut short", scan.Offset);
            }

            visits += scan.Blocks(frame);
        }

        if (visits > (16 * blocks) + ExtraVisits)
        {
            throw damage.Fatal(
                $"a picture of {blocks} blocks may be refined {16 + (ExtraVisits / blocks)} times; got {visits / blocks} times in {structure.Scans.Count} scans", 0);
        }
    }
}
