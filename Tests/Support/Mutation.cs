using System.Buffers.Binary;

namespace NativeFree.Tests;

/// <summary>
/// Damages a file the ways files get damaged and attackers damage them: flipped bits, extreme values in one, two or four bytes, pieces cut,
/// doubled, moved or taken from another file, the end missing.
/// Deterministic: everything follows from the random source.
/// </summary>
internal static class Mutation
{
    private static readonly uint[] Extremes = [0, 1, 2, 3, 7, 8, 15, 16, 63, 64, 127, 128, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue, 0x80000000, uint.MaxValue];

    /// <summary>A damaged copy of <paramref name="sample"/>, by one to four steps; <paramref name="other"/> lends pieces.</summary>
    internal static byte[] Of(byte[] sample, byte[] other, Random random)
    {
        byte[] bytes = [.. sample];
        for (int steps = 1 + random.Next(4); steps > 0 && bytes.Length > 0; steps--)
        {
            bytes = Step(bytes, other, random);
        }

        return bytes;
    }

    private static byte[] Step(byte[] bytes, byte[] other, Random random)
    {
        // Half of the hits go to the head, where the structure is.
        int at = random.Next(random.Next(2) == 0 ? Math.Min(bytes.Length, 256) : bytes.Length), length = 1 + random.Next(Math.Min(bytes.Length - at, 64));
        switch (random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                return Write(bytes, at, Extremes[random.Next(Extremes.Length)], 1 << random.Next(3), random.Next(2) == 0);
            case 3:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 4:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 5:
                return bytes[..at];
            case 6:
                int from = random.Next(other.Length), taken = 1 + random.Next(Math.Min(other.Length - from, 256));
                return [.. bytes[..at], .. other[from..(from + taken)], .. bytes[at..]];
            default:
                bytes.AsSpan(at, length).Fill(bytes[at]);
                return bytes;
        }
    }

    private static byte[] Write(byte[] bytes, int at, uint value, int size, bool bigEndian)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(number, value);
        number = number[..size];
        if (bigEndian)
        {
            number.Reverse();
        }

        number[..Math.Min(size, bytes.Length - at)].CopyTo(bytes.AsSpan(at));
        return bytes;
    }
}
