using System.IO.Compression;

namespace NativeFree.Tests;

/// <summary>Damages gzip files around arrays: the contents before they are packed, the packed bytes, or both.</summary>
internal static class GzipMutation
{
    public static byte[] Of(FuzzSample sample, FuzzSample other, Random random)
    {
        int kind = random.Next(4);
        byte[] contents = kind is 0 or 1 ? Mutation.Of(sample.Bytes, other.Bytes, random) : sample.Bytes;
        byte[] packed = Pack(contents, random.Next(2) == 0 ? CompressionLevel.Fastest : CompressionLevel.NoCompression);
        if (kind == 2 && random.Next(4) == 0)
            packed = [.. packed, .. Pack(other.Bytes, CompressionLevel.Fastest)]; // a second member behind the first
        return kind == 0 ? packed : Mutation.Of(packed, other.Bytes, random);
    }

    private static byte[] Pack(byte[] contents, CompressionLevel level)
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, level, leaveOpen: true))
            stream.Write(contents);
        return packed.ToArray();
    }
}
