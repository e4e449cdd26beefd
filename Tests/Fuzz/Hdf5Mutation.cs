using System.Buffers.Binary;
using NativeFree.Loaders.Hdf5;

namespace NativeFree.Tests;

/// <summary>
/// Damages HDF5 files where it hurts: fields behind the signatures of its structures get extreme values, small changes, or addresses of
/// other structures, and the checksums of the blocks that
/// were hit are made right again, so that damage gets past them. A third of the inputs is damaged as plain bytes.
/// </summary>
internal static class Hdf5Mutation
{
    /// <summary>A block whose bytes [Start, Checksum) are followed by their lookup3 hash.</summary>
    internal readonly record struct ChecksummedBlock(int Start, int Checksum);

    private static readonly string[] Checksummed = ["OHDR", "OCHK", "FRHP", "FHIB", "BTHD", "BTLF", "BTIN", "FAHD", "FADB", "EAHD", "EAIB",
        "EASB", "EADB", "SMTB"];
    private static readonly string[] Plain = ["TREE", "SNOD", "HEAP", "GCOL", "FHDB"];
    private static readonly ulong[] Extremes = [0, 1, 2, 7, 8, 16, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000,
        0xFFFFFFFF, 1UL << 32, 1UL << 62, long.MaxValue, 1UL << 63, ulong.MaxValue - 7, ulong.MaxValue];

    public static byte[] Of(FuzzSample sample, FuzzSample other, Random random)
    {
        if (random.Next(3) == 0)
        {
            return Mutation.Of(sample.Bytes, other.Bytes, random);
        }
        byte[] bytes = [.. sample.Bytes];
        int[] anchors = Anchors(sample);
        for (int steps = 1 + random.Next(3); steps > 0; steps--)
        {
            int at = anchors[random.Next(anchors.Length)] + random.Next(96);
            Damage(bytes, Math.Min(at, bytes.Length - 1), anchors, random);
        }
        foreach (ChecksummedBlock block in sample.Blocks)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(block.Checksum),
                Lookup3.Of(bytes.AsSpan(block.Start, block.Checksum - block.Start)));
        }
        return bytes;
    }

    /// <summary>Finds blocks by trying, behind each signature, where the hash of what came before stands.</summary>
    internal static IReadOnlyList<ChecksummedBlock> FindBlocks(byte[] bytes)
    {
        var found = new List<ChecksummedBlock>();
        if (bytes.Length > 48 && bytes.AsSpan(0, 8).SequenceEqual(NativeFree.Loaders.Container.Hdf5Signature) && bytes[8] >= 2)
        {
            found.Add(new ChecksummedBlock(0, 44));
        }
        foreach (int start in Checksummed.SelectMany(s => Positions(bytes, s)).Order().Take(300))
        {
            for (int end = start + 8; end <= Math.Min(start + 1200, bytes.Length - 4); end++)
            {
                if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(end)) == Lookup3.Of(bytes.AsSpan(start, end - start)))
                {
                    found.Add(new ChecksummedBlock(start, end));
                    break;
                }
            }
        }
        return found;
    }

    /// <summary>Where structures start: signatures, version 1 object headers (version 1, zero, a count below 256), the
    /// superblock.</summary>
    private static int[] Anchors(FuzzSample sample) => sample.Anchors ??=
    [
        0, .. Checksummed.Concat(Plain).SelectMany(s => Positions(sample.Bytes, s)),
        .. Enumerable.Range(0, sample.Bytes.Length / 8).Select(i => 8 * i)
            .Where(i => i + 16 < sample.Bytes.Length && sample.Bytes[i] == 1 && sample.Bytes[i + 1] == 0 && sample.Bytes[i + 2] > 0
                && sample.Bytes[i + 3] == 0 && sample.Bytes[i + 4] == 1 && sample.Bytes[i + 5] == 0),
    ];

    private static void Damage(byte[] bytes, int at, int[] anchors, Random random)
    {
        Span<byte> value = stackalloc byte[8];
        int size = Math.Min(1 << random.Next(4), bytes.Length - at);
        switch (random.Next(5))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return;
            case 1:
                bytes[at] += (byte)(random.Next(2) == 0 ? 1 : -1);
                return;
            case 2:
                BinaryPrimitives.WriteUInt64LittleEndian(value, (ulong)anchors[random.Next(anchors.Length)]);
                break;
            case 3:
                BinaryPrimitives.WriteUInt64LittleEndian(value, (ulong)random.Next(bytes.Length));
                break;
            default:
                BinaryPrimitives.WriteUInt64LittleEndian(value, Extremes[random.Next(Extremes.Length)]);
                break;
        }
        value[..size].CopyTo(bytes.AsSpan(at));
    }

    private static IEnumerable<int> Positions(byte[] bytes, string signature)
    {
        byte[] wanted = System.Text.Encoding.ASCII.GetBytes(signature);
        for (int at = bytes.AsSpan().IndexOf(wanted); at >= 0;)
        {
            yield return at;
            int next = bytes.AsSpan(at + 4).IndexOf(wanted);
            at = next < 0 ? -1 : at + 4 + next;
        }
    }
}
