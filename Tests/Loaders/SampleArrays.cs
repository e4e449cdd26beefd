using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>Arrays of every type and of awkward shapes for the writers' tests, and the check that a file holds exactly them.</summary>
internal static class SampleArrays
{
    /// <summary>Larger than a chunk (1 MiB) and larger than a piece, with an extent that splits unevenly.</summary>
    private static readonly float[] Large = [.. Enumerable.Range(0, 397 * 11 * 67).Select(i => MathF.Sin(i) * 3)];

    public static IReadOnlyList<NamedArray> All { get; } =
    [
        NamedArray.Of<float>("res2/a/conv1/W", [3, 5, 2, 7], new float[210].Select((_, i) => (i / 8f) - 3).ToArray()),
        NamedArray.Of<float>("large", [397, 11, 67], Large),
        NamedArray.OfPieces("pieces/of float", [397, 737], (start, piece) => Large.AsSpan((int)start, piece.Length).CopyTo(piece)),
        NamedArray.Of<Half>("types/f2", [5], new Half[] { (Half)0.5f, (Half)(-2), Half.NaN, Half.PositiveInfinity, Half.MaxValue }),
        NamedArray.Of<double>("types/f8", [2, 1], new[] { Math.PI, -0.0 }),
        NamedArray.Of<sbyte>("types/i1", [3], new sbyte[] { -128, 127, 1 }),
        NamedArray.Of<short>("types/i2", [2], new short[] { short.MinValue, 7 }),
        NamedArray.Of<int>("types/i4", [1], new[] { int.MinValue }),
        NamedArray.Of<long>("types/i8", [], new[] { long.MinValue }),
        NamedArray.Of<byte>("types/u1", [3], new byte[] { 0, 255, 3 }),
        NamedArray.Of<ushort>("types/u2", [2], new ushort[] { ushort.MaxValue, 1 }),
        NamedArray.Of<uint>("types/u4", [2], new[] { uint.MaxValue, 2u }),
        NamedArray.Of<ulong>("types/u8", [2], new[] { ulong.MaxValue, 5ul }),
        NamedArray.Of<bool>("types/b1", [4], new[] { true, false, false, true }),
        NamedArray.Texts("texts", [3], ["", "größe 層 🐎", "abc"]),
        NamedArray.Texts("one text", [], ["x"]),
        NamedArray.Of<float>("empty", [0, 3], ReadOnlyMemory<float>.Empty),
        NamedArray.Of<float>("größe/層", [1], new[] { 1.5f }),
    ];

    /// <summary>Demands that <paramref name="file"/> holds all of them, bit for bit, and nothing else.</summary>
    public static void Check(ArrayFile file)
    {
        Assert.Empty(file.Refused);
        Assert.Equal(All.Select(a => a.Name).Order(StringComparer.Ordinal), file.Arrays.Select(a => a.Name).Order(StringComparer.Ordinal));
        foreach (NamedArray array in All)
        {
            ArrayEntry entry = file[array.Name];
            Assert.Equal(array.Shape, entry.Shape);
            if (entry.Type.IsText)
            {
                Assert.Equal(array.Name == "texts" ? ["", "größe 層 🐎", "abc"] : ["x"], file.ReadStrings(entry));
                continue;
            }
            Assert.Equal(array.Dtype, entry.Dtype);
            var expected = new MemoryStream();
            array.Write(1 << 16, piece => expected.Write(piece.Span));
            byte[] actual = new byte[entry.Bytes];
            file.ReadBytes(entry, actual);
            Assert.True(actual.AsSpan().SequenceEqual(expected.ToArray()), entry.ToString());
        }
    }
}
