using System.IO.Compression;
using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>IDX files, good, packed and bad, and Fashion-MNIST's real ones where Debian has put them.</summary>
public sealed class IdxFileTests : IDisposable
{
    private const string Installed = "/usr/share/datasets/fashion-mnist";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Values_come_in_order_plain_and_packed(bool packed)
    {
        IdxFile idx = IdxFile.Read(Put("x", [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 9, 8, 7, 6, 5, 4], packed));
        Assert.Equal([2, 3], idx.Shape);
        Assert.Equal([9, 8, 7, 6, 5, 4], idx.Values);
    }

    [Theory]
    [InlineData("begins with two zero bytes", 1, 0, 8, 1, 0, 0, 0, 0)]
    [InlineData("begins with two zero bytes", 0, 1, 8, 1, 0, 0, 0, 0)]
    [InlineData("begins with two zero bytes", 0, 0)]
    [InlineData("bytes (type 0x08) in 1 to 4 axes; got type 0x08 in 5", 0, 0, 8, 5, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 7)]
    [InlineData("bytes (type 0x08) in 1 to 4 axes; got type 0x0d in 1", 0, 0, 13, 1, 0, 0, 0, 0)]
    [InlineData("bytes (type 0x08) in 1 to 4 axes; got type 0x08 in 0", 0, 0, 8, 0)]
    [InlineData("holds all its extents; this one is cut short (at byte 8)", 0, 0, 8, 2, 0, 0, 0, 1, 0)]
    [InlineData("fit its size; axis 0 is 4294967295", 0, 0, 8, 1, 255, 255, 255, 255)]
    [InlineData("fit its size; axis 1 is 7", 0, 0, 8, 2, 0, 0, 0, 7, 0, 0, 0, 7, 1, 1)]
    [InlineData("this one has 1 of 2", 0, 0, 8, 1, 0, 0, 0, 2, 5)]
    [InlineData("this one has more than 1;", 0, 0, 8, 1, 0, 0, 0, 1, 5, 5)]
    public void Bad_files_are_refused(string fault, params int[] bytes)
    {
        Assert.Contains(fault, Assert.Throws<FileFormatException>(() => IdxFile.Read(Put("x", [.. bytes.Select(value => (byte)value)], packed: false))).Message, StringComparison.Ordinal);
        // Packed, the limit is the unpacked one, so the fault may be another, but nothing else comes out.
        Assert.Throws<FileFormatException>(() => IdxFile.Read(Put("y", [.. bytes.Select(value => (byte)value)], packed: true)));
    }

    /// <summary>What a packed file claims is held to 64 MiB, or 256 times its size, before anything is allocated.</summary>
    [Fact]
    public void A_packed_file_that_claims_too_much_is_refused() => Assert.Contains(
        "fit its size; axis 1 is 65536, and at most 67108864 bytes can follow",
        Assert.Throws<FileFormatException>(() => IdxFile.Read(Put("x", [0, 0, 8, 2, 0, 0, 4, 1, 0, 1, 0, 0], packed: true))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_damaged_gzip_file_is_refused()
    {
        File.WriteAllBytes(folder.File("x"), [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255]);
        Assert.Contains("unpacks without fault", Assert.Throws<FileFormatException>(() => IdxFile.Read(folder.File("x"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_and_labels_must_agree()
    {
        Put("train-images-idx3-ubyte.gz", [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 102, 255], packed: true);
        Assert.Contains("train-labels-idx1-ubyte: the folder holds this file, plain or with .gz; it has neither", Assert.Throws<FileNotFoundException>(() => FashionMnist.Arrays(folder.Path, true)).Message, StringComparison.Ordinal);
        string labels = Put("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 3, 1, 2, 3], packed: false);
        Assert.Equal($"{labels}: there is one label a picture, 2; got [3]", Assert.Throws<FileFormatException>(() => FashionMnist.Arrays(folder.Path, true)).Message);
        Put("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 1, 10], packed: false);
        Assert.Equal($"{labels}: labels lie in 0 to 9; got 10 for picture 1", Assert.Throws<FileFormatException>(() => FashionMnist.Arrays(folder.Path, true)).Message);
        Put("train-labels-idx1-ubyte", [0, 0, 8, 1, 0, 0, 0, 2, 1, 9], packed: false);
        ArrayDataset data = FashionMnist.Arrays(folder.Path, true);
        float[] x = new float[2];
        int[] y = new int[1];
        data.Read(1, 0, x, y);
        Assert.Equal(([102 / 255f, 1f], 9, new Shape(1, 2, 1)), (x, y[0], data.InputShape), Comparer);
        ImageList list = FashionMnist.Images(folder.Path, true);
        Assert.Equal([102, 255], list.Samples[1].ReadImage().Pixels);
        Assert.Equal([1, 9], list.Samples.Select(sample => sample.Label));
    }

    [InstalledFact(Installed)]
    public void The_real_files_hold_what_their_authors_say()
    {
        ImageList train = FashionMnist.Images(Installed, train: true), test = FashionMnist.Images(Installed, train: false);
        Assert.All(train.Samples.CountBy(sample => sample.Label), item => Assert.Equal(6000, item.Value));
        Assert.All(test.Samples.CountBy(sample => sample.Label), item => Assert.Equal(1000, item.Value));
        ArrayDataset data = FashionMnist.Arrays(Installed, train: true);
        double sum = 0, squares = 0;
        float[] x = new float[28 * 28];
        for (int i = 0; i < data.Count; i++)
        {
            data.Read(i, 0, x, new int[1]);
            foreach (float value in x)
                (sum, squares) = (sum + value, squares + ((double)value * value));
        }
        // Mean and spread that every normalization of this set uses.
        double n = 60000.0 * 784, mean = sum / n;
        Assert.Equal(0.2860, mean, 1e-4);
        Assert.Equal(0.3530, Math.Sqrt((squares / n) - (mean * mean)), 1e-4);
    }

    private static readonly IEqualityComparer<(float[], int, Shape)> Comparer = EqualityComparer<(float[], int, Shape)>.Create((a, b) => a.Item1.SequenceEqual(b.Item1) && a.Item2 == b.Item2 && a.Item3 == b.Item3);

    private string Put(string name, byte[] bytes, bool packed)
    {
        string path = folder.File(name);
        using Stream file = File.Create(path);
        using Stream stream = packed ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(bytes);
        return path;
    }
}

/// <summary>A fact about files that a package of the system brings, skipped with the reason where it is not installed.</summary>
internal sealed class InstalledFactAttribute : FactAttribute
{
    public InstalledFactAttribute(string path)
    {
        if (!Path.Exists(path))
            Skip = $"no {path}: apt install dataset-fashion-mnist brings it";
    }
}
