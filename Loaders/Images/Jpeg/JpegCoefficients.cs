namespace NativeFree.Loaders.Images;

/// <summary>The end of a progressive picture: coefficients, complete now, become samples.</summary>
internal static class JpegCoefficients
{
    internal static void ToSamples(JpegStructure structure, JpegDamage damage)
    {
        RequireComplete(structure, damage);
        int[] block = new int[64];
        foreach (JpegComponent component in structure.Frame.Components)
        {
            component.Plane = JpegDecoder.NewPlane(component, grey: true); // where no scan came, in a damaged file
            for (int y = 0; y < component.PaddedBlocksHigh; y++)
            {
                if (component.Coefficients[y] is { } row)
                {
                    ToSamples(component, row, y, block);
                    component.Coefficients[y] = null; // the planes take the room of the coefficients
                }
            }
        }
    }

    private static void ToSamples(JpegComponent component, short[] row, int y, int[] block)
    {
        ReadOnlySpan<byte> natural = JpegBitReader.Natural;
        for (int x = 0; x < component.Stride / 8; x++)
        {
            int used = 0;
            ReadOnlySpan<short> coefficients = row.AsSpan(x * 64, 64);
            for (int k = coefficients.LastIndexOfAnyExcept((short)0); k >= 0; k--)
            {
                if (coefficients[k] != 0)
                {
                    int at = natural[k];
                    used |= at;
                    block[at] = coefficients[k] * component.Quant![at];
                }
            }

            InverseDct.Transform(block, used, component.Plane.AsSpan((y * 8 * component.Stride) + (x * 8)), component.Stride);
        }
    }

    /// <summary>Every coefficient of every component must have come down to its last bit: else the picture is a draft.</summary>
    private static void RequireComplete(JpegStructure structure, JpegDamage damage)
    {
        foreach (JpegScan scan in structure.Scans)
        {
            foreach (JpegScanComponent part in scan.Components)
            {
                part.Component.KnownBits.AsSpan(scan.First, scan.Last - scan.First + 1).Fill((sbyte)scan.Low);
            }
        }

        foreach (JpegComponent component in structure.Frame.Components)
        {
            if (component.KnownBits.AsSpan().ContainsAnyExcept((sbyte)0))
            {
                damage.Report(
                    $"the scans of a progressive picture must bring every coefficient; those of component {component.Id} stop before: the file is cut short", structure.Scans[^1].Offset);
            }
        }
    }
}
