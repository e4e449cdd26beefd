using System.Runtime.CompilerServices;

namespace NativeFree.Loaders.Images;

/// <summary>
/// A Huffman code of JPEG (ITU-T T.81, annex C and F.2.2.3) as a lookup: 10 bits of the stream give run, magnitude and number of bits at
/// once; longer codes go by their canonical order.
/// </summary>
internal sealed class HuffmanTable
{
    /// <summary>
    /// Bits looked up at once: nearly every code with its magnitude fits, and the table (4 KiB) stays in the first-level cache.
    /// </summary>
    internal const int LookupBits = 10;

    private readonly int[] limit = new int[18];
    private readonly int[] first = new int[17];
    private readonly byte[] symbols;

    private HuffmanTable(byte[] symbols) => this.symbols = symbols;

    /// <summary>
    /// By the next 10 bits: bits to consume (0..7), zero run (8..11), bits of magnitude still to be read (12..15), value (16..31, signed).
    /// 0 = a longer code or none.
    /// With no magnitude left and value 0 the symbol has no magnitude at all: end of block, a run of 16, an end-of-band run, or a DC
    /// difference of 0.
    /// </summary>
    internal int[] Lookup { get; } = new int[1 << LookupBits];

    /// <summary>The largest symbol: a DC table may hold none above 15.</summary>
    internal int Largest => symbols.Max();

    /// <summary>
    /// Builds the code of <paramref name="counts"/>[i] symbols of i + 1 bits; null where the counts make no prefix code, or use up the code
    /// of all ones.
    /// </summary>
    internal static HuffmanTable? Create(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        var table = new HuffmanTable(symbols.ToArray());
        int code = 0, index = 0;
        for (int length = 1; length <= 16; length++, code <<= 1)
        {
            table.first[length] = index - code;
            for (int i = 0; i < counts[length - 1]; i++, index++, code++)
            {
                if (code >= (1 << length) - 1)
                {
                    return null;
                }

                if (length <= LookupBits)
                {
                    table.Enter(code, length, symbols[index]);
                }
            }

            table.limit[length] = code << (16 - length);
        }

        table.limit[17] = int.MaxValue;
        return index > 0 ? table : null;
    }

    /// <summary>
    /// The symbol of a code that the lookup does not hold, from the next 16 bits; its length goes to <paramref name="length"/>. No such
    /// code: symbol 0 and length 17.
    /// </summary>
    internal int Find(int next16, out int length)
    {
        length = LookupBits + 1;
        while (next16 >= limit[length])
        {
            length++;
        }

        return length > 16 ? 0 : symbols[(next16 >> (16 - length)) + first[length]];
    }

    /// <summary>
    /// The signed value of <paramref name="size"/> magnitude bits: below half the range it is negative (table F.1's rule).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Extend(int magnitude, int size) => magnitude < 1 << (size - 1) ? magnitude - (1 << size) + 1 : magnitude;

    private void Enter(int code, int length, byte symbol)
    {
        int run = symbol >> 4, size = symbol & 15, spare = LookupBits - length;
        for (int tail = 0; tail < 1 << spare; tail++)
        {
            int entry = size == 0 || size > spare
                ? length | (run << 8) | (size << 12)
                : (length + size) | (run << 8) | (Extend(tail >> (spare - size), size) << 16);
            Lookup[(code << spare) + tail] = entry;
        }
    }
}
