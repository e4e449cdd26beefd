using System.IO.Compression;
using System.Text;

namespace NativeFree.Tests;

/// <summary>Damages npz files from the inside: a member's npy header or data is changed and packed again with a right checksum, so that the
/// damage gets past it; a third is damaged as plain bytes.</summary>
internal static class NpzMutation
{
    private static readonly string[] Scraps =
    [
        "-1", "0", "1", "4294967296", "9223372036854775807", "99999999999999999999", "2.5", "()", "(", ")", ",", "((", "True", "None",
        "'<f8'", "'>i2'", "'|O'", "'<U3'", "'<U0'", "'|V4'", "'<f16'", "[('a', '<f4')]",
        "'descr'", "'shape'", ": ", "{", "}", "L", "\\x41", "\0", "é", "1e9", "__import__('os')",
    ];

    public static byte[] Of(FuzzSample sample, FuzzSample other, Random random)
    {
        if (random.Next(3) == 0 || sample.Members.Count == 0)
        {
            return Mutation.Of(sample.Bytes, other.Bytes, random);
        }
        int chosen = random.Next(sample.Members.Count);
        var result = new MemoryStream();
        using (var zip = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (int i = 0; i < sample.Members.Count; i++)
            {
                (string name, byte[] contents, bool deflated) = sample.Members[i];
                string written = i == chosen && random.Next(8) == 0 ? name + Scraps[random.Next(Scraps.Length)] : name;
                ZipArchiveEntry entry = zip.CreateEntry(written, deflated ? CompressionLevel.Fastest : CompressionLevel.NoCompression);
                entry.LastWriteTime = new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream stream = entry.Open();
                stream.Write(i == chosen ? MutateNpy(contents, random) : contents);
            }
        }
        byte[] bytes = result.ToArray();
        return random.Next(4) == 0 ? Mutation.Of(bytes, other.Bytes, random) : bytes;
    }

    /// <summary>A single damaged npy array.</summary>
    public static byte[] OfMember(FuzzSample sample, FuzzSample other, Random random)
    {
        if (sample.Members.Count == 0)
        {
            return Mutation.Of(sample.Bytes, other.Bytes, random);
        }
        byte[] member = sample.Members[random.Next(sample.Members.Count)].Contents;
        return random.Next(2) == 0 ? MutateNpy(member, random) : Mutation.Of(member, member, random);
    }

    internal static IReadOnlyList<(string Name, byte[] Contents, bool Deflated)> Members(byte[] bytes)
    {
        var members = new List<(string, byte[], bool)>();
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes));
            foreach (ZipArchiveEntry entry in zip.Entries.Where(e => e.Length < 1 << 18).Take(12))
            {
                using Stream stream = entry.Open();
                var contents = new MemoryStream();
                stream.CopyTo(contents);
                members.Add((entry.FullName, contents.ToArray(), entry.CompressedLength < entry.Length));
            }
        }
        catch (InvalidDataException)
        {
            return [];
        }
        return members;
    }

    /// <summary>Changes the header's text and keeps its length field right, or changes any bytes.</summary>
    private static byte[] MutateNpy(byte[] npy, Random random)
    {
        if (random.Next(3) == 0 || npy.Length < 12 || npy[6] != 1)
        {
            return Mutation.Of(npy, npy, random);
        }
        int length = Math.Min(npy[8] | (npy[9] << 8), npy.Length - 10);
        string header = Encoding.Latin1.GetString(npy, 10, length);
        for (int steps = 1 + random.Next(3); steps > 0; steps--)
        {
            int at = random.Next(header.TrimEnd().Length + 1), cut = random.Next(Math.Min(8, header.Length - at) + 1);
            header = header[..at] + Scraps[random.Next(Scraps.Length)] + header[(at + cut)..];
        }
        byte[] text = Encoding.Latin1.GetBytes(header);
        return [.. npy[..8], (byte)text.Length, (byte)(text.Length >> 8), .. text, .. npy[(10 + length)..]];
    }
}
