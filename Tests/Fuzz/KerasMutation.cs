using System.IO.Compression;

namespace NativeFree.Tests;

/// <summary>Damages a .keras archive from the inside: the HDF5 file in it is changed and packed again with a right checksum; a third is
/// damaged as plain bytes.</summary>
internal static class KerasMutation
{
    private const string Weights = "model.weights.h5";

    public static byte[] Of(FuzzSample sample, FuzzSample other, Random random)
    {
        if (random.Next(3) == 0 || sample.Inner is not { } inner)
            return Mutation.Of(sample.Bytes, other.Bytes, random);
        byte[] weights = Hdf5Mutation.Of(inner, other.Inner ?? inner, random);
        CompressionLevel level = random.Next(4) == 0 ? CompressionLevel.Fastest : CompressionLevel.NoCompression;
        var result = new MemoryStream();
        using (var zip = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] contents, _) in sample.Members)
            {
                ZipArchiveEntry entry = zip.CreateEntry(name, level);
                entry.LastWriteTime = new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using Stream stream = entry.Open();
                stream.Write(name == Weights ? weights : contents);
            }
        }
        return result.ToArray();
    }

    /// <summary>The HDF5 file inside, or null where there is none.</summary>
    internal static FuzzSample? WeightsOf(FuzzSample sample) =>
        sample.Members.FirstOrDefault(member => member.Name == Weights) is { Contents: { } contents }
            ? new FuzzSample(Weights, contents) : null;
}
