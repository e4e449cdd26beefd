using System.IO.Compression;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>The contract of <see cref="ArrayFile"/>: recognition by content, doors and their errors, limits, parallel reading.</summary>
public sealed class ArrayFileTests
{
    private static readonly float[] Values = [.. Enumerable.Range(0, 77).Select(i => i - 38.5f)];

    [Theory]
    [InlineData("a.h5", "hdf5", false)]
    [InlineData("a.npz", "npz", false)]
    [InlineData("a.npy", "npy", false)]
    [InlineData("a.h5", "hdf5", true)]
    [InlineData("a.npz", "npz", true)]
    [InlineData("a.npy", "npy", true)]
    public void The_content_decides_and_gzip_does_not_show(string name, string kind, bool packed)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("weights.bin");
        WriteAs(name, path);
        if (packed)
        {
            Gzip(path);
        }
        using ArrayFile file = ArrayFile.Open(path);
        Assert.Equal(kind, file.Kind);
        Assert.Equal(path, file.Path);
        ArrayEntry entry = Assert.Single(file.Arrays);
        Assert.Equal(kind == "npy" ? "arr_0" : "g/W", entry.Name);
        Assert.Equal([7, 11], entry.Shape);
        Assert.Equal("<f4", entry.Dtype);
        Assert.Equal(308, entry.Bytes);
        float[] read = new float[77];
        file.ReadFloats(entry, read);
        Assert.Equal(Values, read);
    }

    [Fact]
    public void A_missing_file_is_the_file_systems_affair() => Assert.Throws<FileNotFoundException>(() => ArrayFile.Open("/nowhere.h5"));

    [Theory]
    [InlineData("not a weight file at all",
        "must be an HDF5, npz, npy or .keras file (or one of them in gzip); it starts with 6E6F742061207765696768742066696C")]
    [InlineData("", "it is empty")]
    [InlineData("\u0089HDF\n\u001a\n........", "as by a transfer in text mode")]
    [InlineData("PK\u0003\u0004 and nothing more......", "no zip directory at the end")]
    [InlineData("\u001f\u008b and nothing more", "gzip stream is damaged")]
    public void Anything_else_is_refused_with_one_line(string contents, string reason)
    {
        FileFormatException refusal = Assert.Throws<FileFormatException>(() =>
            ArrayFile.Open(System.Text.Encoding.Latin1.GetBytes(contents), "x.h5"));
        Assert.StartsWith("x.h5: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void A_zip_of_other_things_and_pickled_keras_weights_are_refused()
    {
        Assert.Contains("holds word/document.xml",
            Assert.Throws<FileFormatException>(() => ArrayFile.Open(Zip("word/document.xml"), "x")).Message, StringComparison.Ordinal);
        Assert.Contains("never unpickled",
            Assert.Throws<FileFormatException>(() => ArrayFile.Open(Zip("config.json", "model.weights.npz"), "x")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_found_or_refused_with_what_is_there()
    {
        using var folder = new TemporaryFolder();
        WriteAs("a.h5", folder.File("a.h5"));
        using ArrayFile file = ArrayFile.Open(folder.File("a.h5"));
        Assert.Same(file.Arrays[0], file["g/W"]);
        Assert.Same(file.Arrays[0], file["/g/W"]);
        Assert.Null(file.Find("g"));
        Assert.Null(file.Find("W"));
        string message = Assert.Throws<FileFormatException>(() => file["h/W"]).Message;
        Assert.EndsWith("no array is called 'h/W'; it holds 1, such as g/W", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Destinations_must_fit_and_entries_must_belong()
    {
        using var folder = new TemporaryFolder();
        WriteAs("a.h5", folder.File("a.h5"));
        using ArrayFile file = ArrayFile.Open(folder.File("a.h5"));
        using ArrayFile other = ArrayFile.Open(folder.File("a.h5"));
        ArrayEntry entry = file.Arrays[0];
        Assert.Contains("77 elements", Assert.Throws<ArgumentException>(() => file.ReadFloats(entry, new float[76])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => file.ReadBytes(entry, new byte[307]));
        Assert.Throws<ArgumentException>(() => other.ReadFloats(entry, new float[77]));
        Assert.Contains("must hold integers; it holds <f4",
            Assert.Throws<FileFormatException>(() => file.ReadInt64s(entry, new long[77])).Message, StringComparison.Ordinal);
        Assert.Contains("must hold texts", Assert.Throws<FileFormatException>(() => file.ReadStrings(entry)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.h5")]
    [InlineData("a.npz")]
    [InlineData("a.npy")]
    public void A_closed_file_lets_reads_finish_and_none_begin(string name)
    {
        using var folder = new TemporaryFolder();
        WriteAs(name, folder.File(name));
        ArrayFile file = ArrayFile.Open(folder.File(name));
        ArrayEntry entry = file.Arrays[0];
        float[] read = new float[77];
        file.ReadFloatPieces(entry, (start, piece) =>
        {
            file.Dispose();
            file.Dispose();
            piece.CopyTo(read.AsSpan((int)start));
        });
        Assert.Equal(Values, read);
        Assert.Throws<ObjectDisposedException>(() => file.ReadFloats(entry, read));
    }

    [Fact]
    public void Gzip_unpacks_within_the_limits_only()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("zeros.npy");
        NpyWriter.Write(path, NamedArray.Of<float>("zeros", [2500], new float[2500]));
        Gzip(path);
        long stored = new FileInfo(path).Length;
        var tight = new ReadLimits { AlwaysAllowedBytes = 100, ArchiveRatio = 10000 / stored };
        Assert.Contains("ArchiveRatio", Assert.Throws<FileFormatException>(() => ArrayFile.Open(path, tight)).Message,
            StringComparison.Ordinal);
        using ArrayFile file = ArrayFile.Open(path, tight with { AlwaysAllowedBytes = 10128 });
        Assert.Equal(2500, file.Arrays[0].Count);
    }

    [Fact]
    public void A_deflated_member_unpacks_within_the_limits_only()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("zeros.npz");
        NpzWriter.Write(path, [NamedArray.Of<float>("zeros", [2500], new float[2500]), NamedArray.Of<float>("one", [1], new float[1])],
            compressed: true);
        using ArrayFile file = ArrayFile.Open(path, new ReadLimits { AlwaysAllowedBytes = 1000, ArchiveRatio = 3 });
        Assert.Contains("10128; 1000 are allowed", file["zeros"].Refusal!, StringComparison.Ordinal);
        file.ReadFloats(file["one"], new float[1]);
    }

    [Fact]
    public void A_chunked_dataset_unpacks_within_the_limits_only()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("zeros.h5");
        var writer = new Hdf5Writer { Compressed = true };
        writer.Add(NamedArray.Of<float>("zeros", [50000], new float[50000]));
        writer.Write(path);
        using ArrayFile tight = ArrayFile.Open(path, new ReadLimits { AlwaysAllowedBytes = 1000, ChunkRatio = 100 });
        Assert.Null(tight.Arrays[0].Refusal);
        Assert.Contains("ChunkRatio", Assert.Throws<FileFormatException>(() => tight.Verify(tight.Arrays[0])).Message,
            StringComparison.Ordinal);
        using ArrayFile tighter = ArrayFile.Open(path, new ReadLimits { AlwaysAllowedBytes = 1000, ChunkRatio = 10 });
        Assert.Contains("200000 bytes are claimed", tighter.Arrays[0].Refusal!, StringComparison.Ordinal);
        using ArrayFile usual = ArrayFile.Open(path);
        usual.Verify(usual.Arrays[0]);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Threads_read_side_by_side(bool hdf5, bool compressed)
    {
        using var folder = new TemporaryFolder();
        NamedArray[] arrays = [.. Enumerable.Range(0, 23).Select(i => NamedArray.OfPieces($"a{i:d2}", [i + 3, 1009], (start, piece) =>
        {
            for (int k = 0; k < piece.Length; k++)
            {
                piece[k] = (1000 * i) + ((start + k) % 997);
            }
        }))];
        string path = folder.File("a");
        if (hdf5)
        {
            var writer = new Hdf5Writer { Compressed = compressed };
            Array.ForEach(arrays, writer.Add);
            writer.Write(path);
        }
        else
        {
            NpzWriter.Write(path, arrays, compressed);
        }
        using ArrayFile file = ArrayFile.Open(path);
        // Each array three times, so that several threads are in the same one too.
        Parallel.For(0, 3 * arrays.Length, n =>
        {
            ArrayEntry entry = file.Arrays[n % arrays.Length];
            float[] values = new float[entry.Count];
            file.ReadFloats(entry, values);
            for (int k = 0; k < values.Length; k++)
            {
                Assert.Equal((1000 * (n % arrays.Length)) + (k % 997), values[k]);
            }
        });
    }

    private static void WriteAs(string name, string path)
    {
        NamedArray array = NamedArray.Of<float>("g/W", [7, 11], Values);
        switch (Path.GetExtension(name))
        {
            case ".npy":
                NpyWriter.Write(path, array);
                break;
            case ".npz":
                NpzWriter.Write(path, [array]);
                break;
            default:
                var writer = new Hdf5Writer();
                writer.Add(array);
                writer.Write(path);
                break;
        }
    }

    private static void Gzip(string path)
    {
        byte[] plain = File.ReadAllBytes(path);
        using var stream = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        stream.Write(plain);
    }

    private static byte[] Zip(params string[] names)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            foreach (string name in names)
            {
                zip.CreateEntry(name);
            }
        }
        return bytes.ToArray();
    }
}
