using NativeFree.Loaders;

namespace NativeFree.Tests;

public class Crc32Tests
{
    [Fact]
    public void ChecksumOfTheDigitsIsTheKnownOne() => Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));

    [Fact]
    public void EveryLengthMatchesTheBitwiseDefinition()
    {
        byte[] bytes = new byte[700];
        new Random(3).NextBytes(bytes);
        foreach (int length in Enumerable.Range(0, 300).Append(511).Append(512).Append(513).Append(700))
        {
            uint expected = Bitwise(bytes.AsSpan(0, length));
            Assert.Equal(expected, Crc32.Of(bytes.AsSpan(0, length)));
            Assert.Equal(expected, ~Crc32.Tabled(~0u, bytes.AsSpan(0, length)));
            Assert.Equal(expected, Crc32.Of(bytes.AsSpan(length / 3, length - (length / 3)), Crc32.Of(bytes.AsSpan(0, length / 3))));
        }
    }

    private static uint Bitwise(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }
        return ~crc;
    }
}
