namespace NativeFree.Loaders.Images;

/// <summary>
/// The cyclic redundancy check of PNG chunks: polynomial 0xEDB88320 (reflected), all ones before and after (PNG specification, annex D).
/// </summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i => Eight((uint)i))];

    /// <summary>The checksum of a chunk: its type and its data lie together.</summary>
    internal static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint Eight(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            value = (value >> 1) ^ ((value & 1) * 0xEDB88320);
        }

        return value;
    }
}
