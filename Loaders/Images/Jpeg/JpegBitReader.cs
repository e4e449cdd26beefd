using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace NativeFree.Loaders.Images;

/// <summary>
/// The bits of one scan: stuffed zeros after 0xFF are dropped, a marker or the end of the data is never passed. What is asked for beyond
/// that reads as zeros and shows in <see cref="Exhausted"/>.
/// </summary>
internal ref partial struct JpegBitReader(ReadOnlySpan<byte> data)
{
    /// <summary>A code of 17 bits (16 and one that shows it to be none) and 15 of magnitude.</summary>
    private const int Needed = 32;

    private readonly ReadOnlySpan<byte> data = data;
    private int position;
    private ulong bits;
    private int count;

    /// <summary>A run went past the last coefficient since this was last cleared.</summary>
    internal bool Overrun { get; set; }

    /// <summary>More bits were taken than there were.</summary>
    internal readonly bool Exhausted => count < 0;

    /// <summary>Where the next byte comes from; bits already taken from the data but not used lie before it.</summary>
    internal readonly int Position => position;

    /// <summary>Whole bytes between the last bit used and the end of the data.</summary>
    internal readonly int Unread => Math.Max(count, 0) / 8 + (data.Length - position);

    /// <summary>The next <paramref name="size"/> bits, 1 to 16.</summary>
    internal int Bits(int size)
    {
        if (count < Needed)
        {
            Refill(ref bits, ref count);
        }

        int value = (int)(bits >> (64 - size));
        bits <<= size;
        count -= size;
        return value;
    }

    /// <summary>
    /// The next code with its magnitude: true where it has one, then <paramref name="run"/> zeros come before <paramref name="value"/>;
    /// otherwise <paramref name="run"/> is the symbol's high half.
    /// </summary>
    internal bool Next(HuffmanTable table, out int run, out int value)
    {
        if (count < Needed)
        {
            Refill(ref bits, ref count);
        }

        return Next(table, table.Lookup, ref bits, ref count, out run, out value);
    }

    /// <summary>
    /// Drops what is left of the current byte and goes on after the next restart marker, which must be the one expected. False where it is
    /// not: the reader then stays in front of it.
    /// </summary>
    internal bool Restart(int expected)
    {
        (bits, count) = (0, 0);
        int marker = NextMarker();
        if (marker != JpegMarker.Rst0 + expected)
        {
            return false;
        }

        SkipMarker();
        return true;
    }

    /// <summary>Moves to the next marker and returns its second byte; −1 at the end of the data.</summary>
    internal int NextMarker()
    {
        for (; position < data.Length - 1; position++)
        {
            if (data[position] == 0xFF && data[position + 1] is not (0 or 0xFF))
            {
                return data[position + 1];
            }
        }

        position = data.Length;
        return -1;
    }

    /// <summary>Goes on behind the marker that <see cref="NextMarker"/> stopped at.</summary>
    internal void SkipMarker() => position += 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Next(HuffmanTable table, int[] lookup, ref ulong bits, ref int count, out int run, out int value)
    {
        int entry = lookup[(int)(bits >> (64 - HuffmanTable.LookupBits))];
        int length = entry & 0xFF, size;
        if (entry != 0)
        {
            (run, size, value) = ((entry >> 8) & 15, (entry >> 12) & 15, entry >> 16);
        }
        else
        {
            int symbol = table.Find((int)(bits >> 48), out length);
            (run, size, value) = (symbol >> 4, symbol & 15, 0);
        }

        bits <<= length;
        count -= length;
        if (size != 0)
        {
            value = HuffmanTable.Extend((int)(bits >> (64 - size)), size);
            bits <<= size;
            count -= size;
            return true;
        }

        return value != 0;
    }

    /// <summary>At least <see cref="Needed"/> bits, unless the data ends before.</summary>
    private void Refill(ref ulong bits, ref int count)
    {
        if (position <= data.Length - 8)
        {
            ulong next = BinaryPrimitives.ReadUInt64BigEndian(data[position..]);
            // A byte of ones would show as a carry out of its complement; without one, eight bytes go in at once. The bits that find no
            // room are read again next time.
            if (((~next - 0x0101010101010101) & next & 0x8080808080808080) == 0)
            {
                bits |= next >> count;
                position += (64 - count) >> 3;
                count += (64 - count) & ~7;
                return;
            }
        }

        RefillByBytes(ref bits, ref count);
    }

    private void RefillByBytes(ref ulong bits, ref int count)
    {
        while (count <= 56 && position < data.Length)
        {
            int next = data[position], after = position + 1;
            if (next == 0xFF)
            {
                while (after < data.Length && data[after] == 0xFF)
                {
                    after++; // fill bytes
                }

                if (after >= data.Length || data[after] != 0)
                {
                    return;
                }

                after++;
            }

            position = after;
            bits |= (ulong)next << (56 - count);
            count += 8;
        }
    }
}
