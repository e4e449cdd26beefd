using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>Every weight file and sample opens, whatever it is packed in, and every array of it can be read to the end with nothing
/// refused.</summary>
public sealed class ArrayFileGoldenTests
{
    public static TheoryData<string> Files(string folder) => [.. Goldens.Files(folder)];

    [GoldenTheory("weights")]
    [MemberData(nameof(Files), "weights")]
    public void A_weight_file_reads_whole(string relative) => ReadWhole(relative);

    [GoldenTheory("samples")]
    [MemberData(nameof(Files), "samples")]
    public void A_sample_reads_whole(string relative) => ReadWhole(relative);

    private static void ReadWhole(string relative)
    {
        using ArrayFile file = ArrayFile.Open(Goldens.PathOf(relative));
        Assert.Empty(file.Refused);
        Assert.NotEmpty(file.Arrays.Concat<object>(file.ObjectsWithAttributes));
        foreach (ArrayEntry entry in file.Arrays)
        {
            file.Verify(entry);
            if (entry.Type.Kind == ElementKind.Float)
            {
                file.ReadFloatPieces(entry, (_, piece) =>
                {
                    foreach (float value in piece)
                    {
                        if (!float.IsFinite(value))
                        {
                            Assert.Fail($"{entry} holds {value}");
                        }
                    }
                });
            }
        }
    }
}
