namespace NativeFree.Loaders.Images;

internal ref partial struct JpegBitReader
{
    /// <summary>
    /// Natural position of each zigzag index (T.81, figure 5), and 15 more of the last: a run that overshoots ends there, as in libjpeg.
    /// </summary>
    internal static ReadOnlySpan<byte> Natural =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
        63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    ];

    /// <summary>
    /// One sequential block: <paramref name="block"/>, all zeros before, receives the coefficients times <paramref name="quant"/> (both in
    /// natural order).
    /// Returns all positions written or-ed together: bits 0..2 bound the columns used, bits 3..5 the rows.
    /// </summary>
    internal int ReadBlock(HuffmanTable dc, HuffmanTable ac, ref int prediction, int[] quant, int[] block)
    {
        ulong bits = this.bits;
        int count = this.count, used = 0;
        if (count < Needed)
        {
            Refill(ref bits, ref count);
        }

        Next(dc, dc.Lookup, ref bits, ref count, out _, out int difference);
        prediction += difference;
        block[0] = (short)prediction * quant[0];
        int[] lookup = ac.Lookup;
        int k = 1;
        while (k < 64)
        {
            if (count < Needed)
            {
                Refill(ref bits, ref count);
            }

            if (Next(ac, lookup, ref bits, ref count, out int run, out int value))
            {
                int at = Natural[k + run];
                used |= at;
                block[at] = value * quant[at];
                k += run + 1;
            }
            else if (run == 15)
            {
                k += 16;
            }
            else
            {
                break;
            }
        }

        Overrun |= k > 64;
        (this.bits, this.count) = (bits, count);
        return used;
    }
}
