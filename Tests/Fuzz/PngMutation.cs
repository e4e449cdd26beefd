using System.Buffers.Binary;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>Damages PNG files and makes the checksums of their chunks right again, as far as the lengths lead; else every mutant would end
/// there.</summary>
internal static class PngMutation
{
    public static byte[] Of(FuzzSample sample, FuzzSample other, Random random)
    {
        byte[] bytes = Mutation.Of(sample.Bytes, other.Bytes, random);
        for (int at = 8; at + 12 <= bytes.Length && random.Next(64) != 0;)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at));
            if (length > bytes.Length - at - 12)
            {
                break;
            }
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at + 8 + (int)length), Crc32.Of(bytes.AsSpan(at + 4, 4 + (int)length)));
            at += 12 + (int)length;
        }
        return bytes;
    }
}
