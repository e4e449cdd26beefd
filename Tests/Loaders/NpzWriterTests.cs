using NativeFree.Loaders;

namespace NativeFree.Tests;

public sealed class NpzWriterTests
{
    /// <summary>Prints dtype, shape and the SHA-256 of the values of every array, with NumPy's checks on the way.</summary>
    internal const string NumpyListing = """
        import sys, numpy, hashlib
        with numpy.load(sys.argv[1]) as z:
            for key in sorted(z.files):
                a = z[key]
                text = '|'.join(a.ravel().tolist()) if a.dtype.kind == 'U' else hashlib.sha256(a.tobytes()).hexdigest()
                print(key, a.dtype.str[1:] if a.dtype.kind != 'U' else 'U', list(a.shape), text, sep=';')
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_reads_back(bool compressed)
    {
        using var folder = new TemporaryFolder();
        NpzWriter.Write(folder.File("a.npz"), SampleArrays.All, compressed);
        using ArrayFile file = ArrayFile.Open(folder.File("a.npz"));
        Assert.Equal("npz", file.Kind);
        Assert.All(file.Arrays, a => Assert.Equal(compressed ? "deflated" : "stored", a.Storage));
        SampleArrays.Check(file);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_same_arrays_give_the_same_bytes(bool compressed)
    {
        using var folder = new TemporaryFolder();
        NpzWriter.Write(folder.File("a.npz"), SampleArrays.All, compressed);
        NpzWriter.Write(folder.File("b.npz"), SampleArrays.All, compressed);
        Assert.True(File.ReadAllBytes(folder.File("a.npz")).AsSpan().SequenceEqual(File.ReadAllBytes(folder.File("b.npz"))));
    }

    [PythonFact("numpy")]
    public void Numpy_reads_the_same()
    {
        using var folder = new TemporaryFolder();
        foreach (bool compressed in (bool[])[false, true])
        {
            NpzWriter.Write(folder.File("a.npz"), SampleArrays.All, compressed);
            Assert.Equal(Listing(),
                Python.Run("numpy", NumpyListing, folder.File("a.npz")).Split('\n',
                StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        }
    }

    [PythonFact("numpy")]
    public void Numpy_reads_a_single_array()
    {
        using var folder = new TemporaryFolder();
        NpyWriter.Write(folder.File("a.npy"), NamedArray.Of<float>("any", [2, 3], new float[] { 1, 2, 3, 4, 5, 6.5f }));
        Assert.Equal("<f4 [[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]]\n",
            Python.Run("numpy", "import sys, numpy; a = numpy.load(sys.argv[1]); print(a.dtype.str, a.tolist())", folder.File("a.npy")));
        using ArrayFile file = ArrayFile.Open(folder.File("a.npy"));
        Assert.Equal("npy", file.Kind);
        float[] values = new float[6];
        file.ReadFloats(file["arr_0"], values);
        Assert.Equal([1, 2, 3, 4, 5, 6.5f], values);
    }

    [Theory]
    [InlineData("a/../b")]
    [InlineData("")]
    [InlineData("a\nb")]
    public void A_name_that_no_archive_may_hold_is_refused(string name)
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>(() => NpzWriter.Write(folder.File("a.npz"), [NamedArray.Of<float>(name, [1], new float[1])]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Two_arrays_of_one_name_are_refused_and_the_old_file_stays()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.npz"), "before");
        NamedArray array = NamedArray.Of<float>("W", [1], new float[1]);
        Assert.Contains("'W'", Assert.Throws<ArgumentException>(() => NpzWriter.Write(folder.File("a.npz"), [array, array])).Message,
            StringComparison.Ordinal);
        Assert.Equal("before", File.ReadAllText(folder.File("a.npz")));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    /// <summary>What <see cref="NumpyListing"/> must print for the sample arrays.</summary>
    internal static IEnumerable<string> Listing() => SampleArrays.All.Select(array =>
    {
        string shape = $"[{string.Join(", ", array.Shape)}]";
        if (array.Name is "texts" or "one text")
        {
            return $"{array.Name};U;{shape};{(array.Name == "texts" ? "|größe 層 🐎|abc" : "x")}";
        }
        var bytes = new MemoryStream();
        array.Write(1 << 16, piece => bytes.Write(piece.Span));
        return $"{array.Name};{array.Dtype[1..]};{shape};{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes.ToArray()))}";
    }).Order(StringComparer.Ordinal);
}
