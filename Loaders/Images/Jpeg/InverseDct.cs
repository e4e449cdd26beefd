using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NativeFree.Loaders.Images;

/// <summary>
/// The inverse cosine transform of libjpeg's accurate integer method ("islow", after Loeffler, Ligtenberg and Moschytz): columns first,
/// rounded at 11 bits, then rows, rounded at 18,
/// shifted up by 128 and clamped. Its butterflies are sums of integer products, so the same numbers come out of two small matrix products
/// with the sums of its constants,
/// which need no transposition and skip the rows and columns of coefficients that are all zero. Integers modulo 2³²: any vector width gives
/// the same bytes.
/// </summary>
internal static class InverseDct
{
    private const int ColumnShift = 11, RowShift = 18;

    /// <summary>
    /// [frequency, position], about 8192·√2·cos(frequency·(2·position + 1)·π/16), 8192 for frequency 0. The last digits are those of the
    /// 13-bit constants
    /// 2446 3196 4433 6270 7373 9633 12299 15137 16069 16819 20995 25172 added up along the butterflies' paths, not of the cosines.
    /// </summary>
    private static readonly int[] Basis =
    [
        8192, 8192, 8192, 8192, 8192, 8192, 8192, 8192,
        11363, 9633, 6437, 2260, -2260, -6437, -9633, -11363,
        10703, 4433, -4433, -10703, -10703, -4433, 4433, 10703,
        9633, -2259, -11362, -6436, 6436, 11362, 2259, -9633,
        8192, -8192, -8192, 8192, 8192, -8192, -8192, 8192,
        6437, -11362, 2261, 9633, -9633, -2261, 11362, -6437,
        4433, -10704, 10704, -4433, -4433, 10704, -10704, 4433,
        2260, -6436, 9633, -11363, 11363, -9633, 6436, -2260,
    ];

    /// <summary>
    /// Writes 8 rows of 8 samples, <paramref name="stride"/> bytes apart, and sets <paramref name="block"/> (dequantized coefficients,
    /// natural order) back to zero.
    /// Bits 0..2 of <paramref name="used"/> bound the columns, bits 3..5 the rows that may hold other than zero.
    /// </summary>
    internal static void Transform(int[] block, int used, Span<byte> samples, int stride)
    {
        if (used == 0)
        {
            Flat(block, samples, stride);
            return;
        }

        Span<int> columns = stackalloc int[64];
        Columns(block, used >> 3, columns);
        Rows(columns, used & 7, samples, stride);
        Array.Clear(block);
    }

    /// <summary>With the mean alone both passes only round it.</summary>
    private static void Flat(int[] block, Span<byte> samples, int stride)
    {
        byte value = (byte)Math.Clamp((((block[0] << 2) + 16) >> 5) + 128, 0, 255);
        block[0] = 0;
        for (int y = 0; y < 8; y++)
        {
            samples.Slice(y * stride, 8).Fill(value);
        }
    }

    /// <summary>columns[y, ·] = (Σ over frequencies f ≤ last of Basis[f, y]·block[f, ·] + 2¹⁰) >> 11, eight columns at a time.</summary>
    private static void Columns(int[] block, int last, Span<int> columns)
    {
        ref int from = ref MemoryMarshal.GetArrayDataReference(block);
        ref int to = ref MemoryMarshal.GetReference(columns);
        for (int y = 0; y < 8; y++)
        {
            Vector256<int> sum = Vector256.Create(1 << (ColumnShift - 1));
            for (int f = 0; f <= last; f++)
            {
                sum += Vector256.LoadUnsafe(ref from, (nuint)(8 * f)) * Basis[(8 * f) + y];
            }

            (sum >> ColumnShift).StoreUnsafe(ref to, (nuint)(8 * y));
        }
    }

    /// <summary>
    /// samples[y, ·] = clamp(((Σ over f ≤ last of columns[y, f]·Basis[f, ·] + 2¹⁷) >> 18) + 128): a row of eight samples at a time.
    /// </summary>
    private static void Rows(ReadOnlySpan<int> columns, int last, Span<byte> samples, int stride)
    {
        ref int basis = ref MemoryMarshal.GetArrayDataReference(Basis);
        for (int y = 0; y < 8; y++)
        {
            Vector256<int> sum = Vector256.Create((128 << RowShift) + (1 << (RowShift - 1)));
            for (int f = 0; f <= last; f++)
            {
                sum += Vector256.LoadUnsafe(ref basis, (nuint)(8 * f)) * columns[(8 * y) + f];
            }

            Vector256<int> clamped = Vector256.Min(Vector256.Max(sum >> RowShift, Vector256<int>.Zero), Vector256.Create(255));
            Vector128<short> narrow = Vector128.Narrow(clamped.GetLower(), clamped.GetUpper());
            Vector64.Narrow(narrow.GetLower().AsUInt16(), narrow.GetUpper().AsUInt16()).CopyTo(samples.Slice(y * stride, 8));
        }
    }
}
