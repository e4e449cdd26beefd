using NativeFree.Loaders;
using NativeFree.Loaders.Hdf5.Writing;

namespace NativeFree.Tests;

public sealed class Hdf5WriterTests
{
    /// <summary>The listing of <see cref="NpzWriterTests.NumpyListing"/> through h5py, then every attribute.</summary>
    private const string H5pyListing = """
        import sys, h5py, numpy, hashlib
        out = []
        def visit(name, o):
            if isinstance(o, h5py.Dataset):
                a = o[()] if o.shape != () else numpy.array(o[()])
                if a.dtype.kind == 'S':
                    print(name, 'U', list(a.shape), '|'.join(x.decode('utf8') for x in a.ravel().tolist()), sep=';')
                else:
                    print(name, a.dtype.str[1:], list(a.shape), hashlib.sha256(a.tobytes()).hexdigest(), sep=';')
        with h5py.File(sys.argv[1], 'r') as f:
            f.visititems(visit)
            print('links', len(f['many']), sum(1 for k in f['many'] if k in f['many']), 'n0' in f['many'], 'zzz' in f['many'])
            def show(v):
                return v.decode() if isinstance(v, bytes) else [show(x) for x in v] if hasattr(v, '__len__') and not isinstance(v, str) else v
            for path in ('/', 'many', 'large'):
                for k in sorted(f[path].attrs):
                    v = show(f[path].attrs[k])
                    print('attribute', path, k, str(v) if len(str(v)) < 200 else hashlib.sha256(str(v).encode()).hexdigest())
        """;

    private static readonly string[] LongNames = [.. Enumerable.Range(0, 1500).Select(i => $"layer_{i:d4}_{new string('n', i % 90)}")];
    private static readonly string LongText = string.Concat(Enumerable.Range(0, 30000).Select(i => (char)('a' + (i % 26)) + "ü"));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_reads_back(bool compressed)
    {
        using var folder = new TemporaryFolder();
        Sample(compressed).Write(folder.File("a.h5"));
        using ArrayFile file = ArrayFile.Open(folder.File("a.h5"));
        SampleArrays.Check(file);
        Assert.Equal(compressed ? "chunked gzip shuffle" : "contiguous", file["large"].Storage);
        Assert.Contains("many/n416", file.Groups);
        Assert.Equal(2 + 417 + 6, file.Groups.Count);
        Assert.Equal("text ü", file.Attributes("")["fixed"].Text);
        Assert.Equal(LongText, file.Attributes("/")["long"].Text);
        Assert.Equal(["a", "", "größe"], file.Attributes("many")["variable"].Texts!);
        Assert.Equal(0.1, file.Attributes("large")["pi"].Number);
        Assert.Equal(-7, file.Attributes("large")["n"].Number);
        Assert.Equal("<f8", file.Attributes("many")["none"].Dtype);
        Assert.Empty(file.Attributes("many")["none"].Texts!);
        // 1500 names of up to 100 bytes are 150,000 bytes: three attributes of at most 64,512.
        Assert.Equal(LongNames, Enumerable.Range(0, 3).SelectMany(i => file.Attributes("")[$"layer_names{i}"].Texts!));
        Assert.DoesNotContain("layer_names3", file.Attributes("").Keys);
        Assert.DoesNotContain("layer_names", file.Attributes("").Keys);
        Assert.Equal(["a", "bb"], file.Attributes("")["weight_names"].Texts!);
    }

    [Fact]
    public void The_same_contents_give_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        Sample(true).Write(folder.File("a.h5"));
        Sample(true).Write(folder.File("b.h5"));
        Assert.True(File.ReadAllBytes(folder.File("a.h5")).AsSpan().SequenceEqual(File.ReadAllBytes(folder.File("b.h5"))));
    }

    [PythonFact("h5py")]
    public void H5py_reads_the_same()
    {
        using var folder = new TemporaryFolder();
        foreach (bool compressed in (bool[])[false, true])
        {
            Sample(compressed).Write(folder.File("a.h5"));
            string[] lines = Python.Run("h5py", H5pyListing, folder.File("a.h5")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            string[] arrays = [.. lines.Where(l => l.Contains(';', StringComparison.Ordinal))];
            Assert.Equal(NpzWriterTests.Listing(), arrays.Order(StringComparer.Ordinal));
            Assert.Contains("links 417 417 True False", lines);
            Assert.Contains("attribute / fixed text ü", lines);
            Assert.Contains($"attribute / long {ExpectedAttribute.Hash(LongText)}", lines);
            Assert.Contains("attribute many variable ['a', '', 'größe']", lines);
            Assert.Contains("attribute many none []", lines);
            Assert.Contains("attribute large pi 0.1", lines);
            Assert.Contains("attribute large n -7", lines);
            Assert.Contains("attribute / weight_names ['a', 'bb']", lines);
            Assert.Contains($"attribute / layer_names0 {ExpectedAttribute.Hash($"[{string.Join(", ", LongNames.Take(500).Select(n => $"'{n}'"))}]")}", lines);
        }
    }

    [Theory]
    [InlineData(new long[] { 7 }, 4, new long[] { 7 })]
    [InlineData(new long[] { 25088, 4096 }, 4, new long[] { 64, 4096 })]
    [InlineData(new long[] { 3, 300000, 5 }, 4, new long[] { 1, 52428, 5 })]
    [InlineData(new long[] { 2, 3, 1000000 }, 8, new long[] { 1, 1, 131072 })]
    public void A_chunk_is_a_run_of_the_array_of_up_to_a_mebibyte(long[] shape, int elementSize, long[] chunk) =>
        Assert.Equal(chunk, DatasetBytes.ChunkShape(shape, elementSize));

    [Fact]
    public void Names_that_clash_are_refused()
    {
        var writer = new Hdf5Writer();
        NamedArray array = NamedArray.Of<float>("g/W", [1], new float[1]);
        writer.Add(array);
        Assert.Throws<ArgumentException>(() => writer.Add(array));
        Assert.Throws<ArgumentException>(() => writer.AddGroup("g/W/below"));
        Assert.Throws<ArgumentException>(() => writer.SetAttribute("nowhere", "a", 1));
        Assert.Throws<ArgumentException>(() => writer.SetNames("", "names", [new string('n', 64513)]));
        writer.SetAttribute("", "too long", new string('n', 65529));
        using var folder = new TemporaryFolder();
        Assert.Throws<ArgumentException>(() => writer.Write(folder.File("a.h5")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    private static Hdf5Writer Sample(bool compressed)
    {
        var writer = new Hdf5Writer { Compressed = compressed };
        foreach (NamedArray array in SampleArrays.All)
        {
            writer.Add(array);
        }
        // 417 links: 53 symbol table nodes, two B-tree nodes under a root.
        for (int i = 0; i < 417; i++)
        {
            writer.AddGroup($"many/n{i}");
        }
        writer.SetAttribute("", "fixed", "text ü");
        writer.SetAttribute("", "long", LongText, TextStorage.Variable);
        writer.SetAttribute("many", "variable", ["a", "", "größe"], TextStorage.Variable);
        writer.SetAttribute("many", "none", []);
        writer.SetAttribute("large", "pi", 0.1);
        writer.SetAttribute("large", "n", -7L);
        writer.SetNames("", "layer_names", LongNames);
        writer.SetNames("/", "weight_names", ["a", "bb"]);
        return writer;
    }
}
