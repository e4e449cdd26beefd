namespace NativeFree.Loaders.Hdf5.Data;

/// <summary>
/// Fletcher's checksum over 16-bit words, the first byte of a word being its upper half, as HDF5's filter 3 appends it (four bytes,
/// little-endian). Sums are folded modulo 65535; an odd last byte is an upper half.
/// </summary>
internal static class Fletcher32
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint low = 0, high = 0;
        while (bytes.Length >= 2)
        {
            // 360 words is the most whose sums cannot overflow 32 bits.
            int words = Math.Min(360, bytes.Length / 2);
            for (int i = 0; i < words; i++)
            {
                low += (uint)((bytes[2 * i] << 8) | bytes[(2 * i) + 1]);
                high += low;
            }
            low = Fold(low);
            high = Fold(high);
            bytes = bytes[(2 * words)..];
        }
        if (bytes.Length == 1)
        {
            low = Fold(low + ((uint)bytes[0] << 8));
            high = Fold(high + low);
        }
        return (Fold(high) << 16) | Fold(low);
    }

    private static uint Fold(uint sum) => (sum & 0xFFFF) + (sum >> 16);
}
