using System.Text.Json;
using NativeFree.Loaders;

namespace NativeFree.Tests;

/// <summary>goldens/formats/npz: files of NumPy and Chainer against what NumPy read from them, and malformed ones.</summary>
public sealed class NpzGoldenTests
{
    private const string Folder = "formats/npz";

    public static TheoryData<string> Files(string folder) =>
        [.. Goldens.Files(folder, "*.npz").Where(f => Path.GetDirectoryName(f) == folder)];

    [GoldenTheory(Folder)]
    [MemberData(nameof(Files), Folder)]
    public void Every_array_is_what_numpy_reads(string relative)
    {
        JsonElement expected = Expected(relative);
        using ArrayFile file = ArrayFile.Open(Goldens.PathOf(relative));
        Assert.Equal("npz", file.Kind);
        Assert.Empty(file.Refused);
        CheckKeys(file, expected);
        RefusalCheck.ReadAllWithin(Goldens.PathOf(relative));
    }

    [GoldenTheory(Folder + "/bad")]
    [MemberData(nameof(Files), Folder + "/bad")]
    public void A_malformed_file_is_refused_by_name(string relative)
    {
        JsonElement expected = Expected(relative);
        List<string> reasons = RefusalCheck.ReadAllWithin(Goldens.PathOf(relative));
        if (expected.GetProperty("outcome").GetString() == "refuse")
        {
            Assert.NotEmpty(reasons);
            Assert.All(reasons, r => Assert.StartsWith(Goldens.PathOf(relative), r, StringComparison.Ordinal));
            return;
        }
        Assert.Empty(reasons);
        using ArrayFile file = ArrayFile.Open(Goldens.PathOf(relative));
        CheckKeys(file, expected.GetProperty("keys"));
    }

    private static void CheckKeys(ArrayFile file, JsonElement expected)
    {
        Assert.Equal(expected.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal), file.Arrays.Select(a => a.Name));
        foreach (JsonProperty key in expected.EnumerateObject())
        {
            ArrayEntry entry = file[key.Name];
            Assert.Same(entry, file.Find(key.Name));
            if (key.Value.ValueKind == JsonValueKind.Null)
            {
                Assert.True(entry.IsNone);
                Assert.Equal("|O", entry.Dtype);
                Assert.Throws<FileFormatException>(() => file.ReadFloats(entry, []));
            }
            else
            {
                ExpectedArray.Check(file, entry, key.Value, key.Value.GetProperty("dtype").GetString()!);
            }
        }
    }

    private static JsonElement Expected(string relative)
    {
        string index = Goldens.PathOf(Path.GetDirectoryName(relative) + "/expected.json");
        return JsonDocument.Parse(File.ReadAllText(index)).RootElement.GetProperty(Path.GetFileName(relative));
    }
}
