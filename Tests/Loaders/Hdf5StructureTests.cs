using NativeFree.Loaders;
using NativeFree.Loaders.Hdf5;
using NativeFree.Loaders.Hdf5.Data;
using NativeFree.Loaders.Hdf5.Level0;
using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Tests;

/// <summary>What no file at hand shows: structures of HDF5 before 1.6.3, a user block put in front afterwards, links that lead astray, and
/// the small algorithms against their definitions.</summary>
public sealed class Hdf5StructureTests
{
    /// <summary>Version, dimensionality, class, five reserved bytes, address (not for compact), extents of four bytes, for chunks the size
    /// of an element.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Old_layout_messages_are_read(int version)
    {
        byte[] head = [(byte)version, 3, 2, 0, 0, 0, 0, 0];
        byte[] address = [16, 0, 0, 0, 0, 0, 0, 0];
        var chunked = Assert.IsType<DataLayout.Chunked>(Layout([.. head, .. address, 5, 0, 0, 0, 7, 0, 0, 0, 4, 0, 0, 0]));
        Assert.Equal(ChunkIndexKind.BTree1, chunked.Index.Kind);
        Assert.Equal(16, chunked.Index.Address);
        Assert.Equal([5, 7], chunked.Chunk);
        Assert.Equal(4, chunked.ElementSize);
        head[2] = 1;
        Assert.Equal(new DataLayout.Contiguous(16, -1), Layout([.. head, .. address, 5, 0, 0, 0, 7, 0, 0, 0, 2, 0, 0, 0]));
        head[1] = 2;
        head[2] = 0;
        Assert.Equal(new DataLayout.Compact(20, 3), Layout([.. head, 5, 0, 0, 0, 7, 0, 0, 0, 3, 0, 0, 0, 1, 2, 3]));
    }

    [Fact]
    public void A_user_block_put_in_front_later_shifts_everything()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.h5");
        var writer = new Hdf5Writer();
        writer.Add(NamedArray.Of<float>("g/W", [3], new[] { 1f, 2, 3 }));
        writer.Write(path);
        using ArrayFile file = ArrayFile.Open([.. new byte[1024], .. File.ReadAllBytes(path)], "a.h5");
        float[] values = new float[3];
        file.ReadFloats(file["g/W"], values);
        Assert.Equal([1, 2, 3], values);
        // One byte short is noticed there too.
        byte[] cut = [.. new byte[1024], .. File.ReadAllBytes(path)[..^1]];
        Assert.Contains("it is cut off", Assert.Throws<FileFormatException>(() => ArrayFile.Open(cut, "a.h5")).Message,
            StringComparison.Ordinal);
    }

    [GoldenFact("formats/hdf5/links_kinds.h5")]
    public void Links_are_followed_inside_the_file_and_nowhere_else()
    {
        using ArrayFile file = ArrayFile.Open(Goldens.PathOf("formats/hdf5/links_kinds.h5"));
        ArrayEntry data = file["a/b/data"];
        Assert.Same(data, file["hard"]);
        Assert.Same(data, file["soft"]);
        Assert.Same(data, file["/soft_relative/data"]);
        Assert.Null(file.Find("soft_dangling"));
        Assert.Null(file.Find("soft_relative"));
        foreach (string circle in (string[])["soft_ping", "soft_pong", "soft_self", "soft_self/below"])
        {
            Assert.Contains("as a circle does", Assert.Throws<FileFormatException>(() => file.Find(circle)).Message,
                StringComparison.Ordinal);
        }
        foreach (string outside in (string[])["external", "external_up", "external/x"])
        {
            Assert.Contains("other files are never opened", Assert.Throws<FileFormatException>(() => file.Find(outside)).Message,
                StringComparison.Ordinal);
        }
    }

    [GoldenFact("formats/hdf5/group_cycle.h5")]
    public void Hard_links_in_a_circle_end()
    {
        using ArrayFile file = ArrayFile.Open(Goldens.PathOf("formats/hdf5/group_cycle.h5"));
        string[] round = ["a", "b", "self", "up", "b", "root", "a", "b", "data"];
        Assert.Same(file["a/b/data"], file[string.Join('/', round)]);
    }

    [Fact]
    public void Lookup3_gives_its_authors_values()
    {
        // From the driver in lookup3.c: hashlittle("", 0) and hashlittle of the thirty letters with initial value 0.
        Assert.Equal(0xDEADBEEFu, Lookup3.Of([]));
        Assert.Equal(0x17770551u, Lookup3.Of("Four score and seven years ago"u8));
    }

    [Fact]
    public void Fletcher32_follows_its_definition()
    {
        byte[] bytes = new byte[5001];
        new Random(8).NextBytes(bytes);
        bytes.AsSpan(1000, 2000).Fill(0xFF);
        foreach (int length in (int[])[0, 1, 2, 3, 719, 720, 721, 722, 5000, 5001])
        {
            // Sums modulo 65535 in 64 bits; where a sum is a multiple of 65535, folding may leave 65535 for 0.
            ulong low = 0, high = 0;
            for (int i = 0; i < length; i += 2)
            {
                low = (low + (ulong)((bytes[i] << 8) | (i + 1 < length ? bytes[i + 1] : 0))) % 65535;
                high = (high + low) % 65535;
            }
            uint actual = Fletcher32.Of(bytes.AsSpan(0, length));
            Assert.Equal((high, low), ((actual >> 16) % 65535, (actual & 0xFFFF) % 65535));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(13)]
    public void Shuffle_moves_each_byte_to_its_plane_and_back(int size)
    {
        byte[] plain = new byte[(size * 17) + (size - 1)], shuffled = new byte[plain.Length], back = new byte[plain.Length];
        new Random(size).NextBytes(plain);
        Shuffle.Apply(plain, shuffled, size);
        for (int i = 0; i < 17; i++)
        {
            for (int k = 0; k < size; k++)
            {
                Assert.Equal(plain[(i * size) + k], shuffled[(k * 17) + i]);
            }
        }
        Assert.Equal(plain[(17 * size)..], shuffled[(17 * size)..]);
        Shuffle.Undo(shuffled, back, size);
        Assert.Equal(plain, back);
    }

    [Fact]
    public void A_value_is_stored_once_however_often_it_is_asked_for()
    {
        // 300 KiB of claims on one text of 100 bytes: equal references give one string, and the budget does not count them again.
        using var folder = new TemporaryFolder();
        string path = folder.File("a.h5");
        var writer = new Hdf5Writer();
        writer.SetAttribute("", "many", [.. Enumerable.Repeat(new string('x', 100), 3000)], TextStorage.Variable);
        writer.Write(path);
        using ArrayFile file = ArrayFile.Open(path);
        Assert.Equal(3000, file.Attributes("")["many"].Texts!.Count);
        Assert.Empty(file.Refused);
    }

    [Fact]
    public void Groups_that_nest_beyond_reason_are_refused_beside_the_rest()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.h5");
        var writer = new Hdf5Writer();
        writer.AddGroup(string.Join('/', Enumerable.Repeat("g", 1100)));
        writer.Add(NamedArray.Of<float>("W", [1], new float[1]));
        writer.Write(path);
        using ArrayFile file = ArrayFile.Open(path);
        Assert.Contains("nest deeper than 1024", Assert.Single(file.Refused).Reason, StringComparison.Ordinal);
        Assert.Equal("W", Assert.Single(file.Arrays).Name);
    }

    [Fact]
    public void Two_datasets_do_not_share_their_data()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.h5");
        var writer = new Hdf5Writer();
        writer.Add(NamedArray.Of<float>("x", [3], new[] { 1f, 2, 3 }));
        writer.Add(NamedArray.Of<float>("y", [3], new[] { 4f, 5, 6 }));
        writer.Write(path);
        byte[] bytes = File.ReadAllBytes(path);
        // Layout messages: version 3, contiguous, address, twelve bytes.
        int first = LayoutAt(bytes, 0), second = LayoutAt(bytes, first + 1);
        bytes.AsSpan(first + 2, 8).CopyTo(bytes.AsSpan(second + 2));
        using ArrayFile file = ArrayFile.Open(bytes, "a.h5");
        Assert.Null(file["x"].Refusal);
        Assert.Equal("its data is that of 'x'", file["y"].Refusal);
    }

    [PythonFact("h5py")]
    public void Keras_bfloat16_is_told_from_other_opaque_bytes()
    {
        using var folder = new TemporaryFolder();
        Python.Run("h5py", """
            import sys, h5py, numpy
            raw = numpy.array([0x3f80, 0xc020, 0x7f80], '<u2').view('V2')
            with h5py.File(sys.argv[1], 'w') as f:
                f.create_dataset('weights', data=raw).attrs['dtype'] = 'bfloat16'
                f['opaque'] = raw
            """, folder.File("a.h5"));
        using ArrayFile file = ArrayFile.Open(folder.File("a.h5"));
        Assert.Equal("bfloat16", file["weights"].Dtype);
        float[] values = new float[3];
        file.ReadFloats(file["weights"], values);
        Assert.Equal([1, -2.5f, float.PositiveInfinity], values);
        Assert.Contains("type class opaque", file["opaque"].Refusal, StringComparison.Ordinal);
    }

    private static int LayoutAt(byte[] bytes, int from)
    {
        for (int at = from; ; at++)
        {
            if (bytes[at] == 3 && bytes[at + 1] == 1 && bytes.AsSpan(at + 10, 8).SequenceEqual((byte[])[12, 0, 0, 0, 0, 0, 0, 0]))
            {
                return at;
            }
        }
    }

    /// <summary>HDF5 1.10's H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS; Tests/Goldens/formats/hdf5_edges/make.py.</summary>
    [GoldenFact("formats/hdf5_edges/partial_edges.h5")]
    public void Chunks_over_the_edge_may_skip_the_filters()
    {
        using ArrayFile file = ArrayFile.Open(Goldens.PathOf("formats/hdf5_edges/partial_edges.h5"));
        Assert.Equal(3, file.Arrays.Count);
        foreach (ArrayEntry entry in file.Arrays)
        {
            Assert.True(Assert.IsType<DataLayout.Chunked>(Hdf5File.DatasetOf(entry).Layout).Index.EdgesUnfiltered);
            float[] values = new float[63];
            file.ReadFloats(entry, values);
            Assert.Equal(Enumerable.Range(0, 63).Select(i => (float)i), values);
        }
    }

    private static DataLayout Layout(byte[] message)
    {
        using FileBytes file = FileBytes.Of(message, "message");
        var superblock = new Superblock { Version = 0, OffsetSize = 8, LengthSize = 8 };
        Hdf5Cursor cursor = new Hdf5Access(file, superblock).Read(0, message.Length, "layout");
        return DataLayout.Read(ref cursor);
    }
}
