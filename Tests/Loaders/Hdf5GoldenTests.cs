using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NativeFree.Loaders;
using NativeFree.Loaders.Hdf5;
using NativeFree.Loaders.Hdf5.Data;
using NativeFree.Loaders.Hdf5.Level2;

namespace NativeFree.Tests;

/// <summary>goldens/formats/hdf5: files of h5py, Keras and h5repack against what h5py read from them, and malformed ones.</summary>
public sealed class Hdf5GoldenTests
{
    private const string Folder = "formats/hdf5";

    public static TheoryData<string> Files(string folder) =>
        [.. Goldens.Files(folder).Where(f => Path.GetDirectoryName(f) == folder && !f.EndsWith(".json", StringComparison.Ordinal))];

    [GoldenTheory(Folder)]
    [MemberData(nameof(Files), Folder)]
    public void Everything_is_what_h5py_reads(string relative)
    {
        JsonElement expected = Index(Folder).GetProperty(Path.GetFileName(relative));
        using var file = (Hdf5File)ArrayFile.Open(Goldens.PathOf(relative));
        Assert.Equal(relative.EndsWith(".keras", StringComparison.Ordinal) ? "keras" : "hdf5", file.Kind);
        if (expected.TryGetProperty("model.weights.h5", out JsonElement inner))
        {
            CheckTexts(file, expected.GetProperty("entries"));
            expected = inner;
        }
        if (expected.TryGetProperty("superblock", out JsonElement version))
        {
            Assert.Equal(version.GetInt32(), file.SuperblockVersion);
        }
        CheckDatasets(file, expected);
        CheckAttributes(file, expected);
        CheckGroups(file, expected);
        CheckLinks(file, expected);
        RefusalCheck.ReadAllWithin(Goldens.PathOf(relative));
    }

    [GoldenTheory(Folder + "/bad")]
    [MemberData(nameof(Files), Folder + "/bad")]
    public void A_malformed_file_is_refused_by_name(string relative)
    {
        string verdict = Index(Folder + "/bad").GetProperty("files").GetProperty(Path.GetFileName(relative)).GetProperty("verdict").GetString()!;
        List<string> reasons = RefusalCheck.ReadAllWithin(Goldens.PathOf(relative));
        if (verdict == "refuse")
        {
            Assert.NotEmpty(reasons);
        }
    }

    private static void CheckDatasets(Hdf5File file, JsonElement expected)
    {
        if (!expected.TryGetProperty("datasets", out JsonElement datasets))
        {
            Assert.Empty(file.Arrays);
            return;
        }
        Assert.Equal(datasets.EnumerateObject().Select(d => d.Name[1..]).Order(StringComparer.Ordinal),
            file.Arrays.Select(a => a.Name).Order(StringComparer.Ordinal));
        foreach (JsonProperty dataset in datasets.EnumerateObject())
        {
            ArrayEntry entry = file[dataset.Name];
            string verdict = dataset.Value.GetProperty("verdict").GetString()!;
            if (verdict == "refuse" || (verdict == "either" && entry.Refusal is not null))
            {
                string reason = Assert.IsType<string>(entry.Refusal);
                if (verdict == "refuse")
                {
                    // "type class compound", "unsupported filter lzf (32000)", "external storage", "virtual dataset"
                    Assert.Contains(dataset.Value.GetProperty("why").GetString()!.Replace("unsupported ", "", StringComparison.Ordinal),
                        reason, StringComparison.Ordinal);
                }
                Assert.Throws<FileFormatException>(() => file.Verify(entry));
                continue;
            }
            CheckStorage(entry, dataset.Value);
            if (dataset.Value.GetProperty("shape").ValueKind == JsonValueKind.Null)
            {
                Assert.True(entry.IsNull);
                Assert.Equal(0, entry.Count);
                file.ReadFloats(entry, []);
                continue;
            }
            ExpectedArray.Check(file, entry, dataset.Value, Dtype(dataset.Value.GetProperty("type").GetString()!));
        }
    }

    private static void CheckStorage(ArrayEntry entry, JsonElement expected)
    {
        string layout = expected.GetProperty("layout").GetString()!;
        string[] filters = expected.TryGetProperty("filters", out JsonElement list)
            ? [.. list.EnumerateArray().Select(f =>
                f.GetProperty("name").GetString()!.Replace("deflate", "gzip", StringComparison.Ordinal)).Reverse()]
            : [];
        Assert.Equal(string.Join(' ', [layout, .. filters]), entry.Storage);
        if (expected.TryGetProperty("chunks", out JsonElement chunks))
        {
            var chunked = Assert.IsType<DataLayout.Chunked>(Hdf5File.DatasetOf(entry).Layout);
            Assert.Equal(chunks.EnumerateArray().Select(c => c.GetInt64()), chunked.Chunk);
        }
    }

    private static void CheckAttributes(Hdf5File file, JsonElement expected)
    {
        if (!expected.TryGetProperty("attributes", out JsonElement objects))
        {
            Assert.Empty(file.ObjectsWithAttributes);
            return;
        }
        foreach (JsonProperty owner in objects.EnumerateObject())
        {
            IReadOnlyDictionary<string, ArrayAttribute> actual = file.Attributes(owner.Name);
            string path = owner.Name[1..];
            Assert.Equal(owner.Value.EnumerateObject().Count(),
                actual.Count + file.Refused.Count(r => r.Name.StartsWith(path + "@", StringComparison.Ordinal)));
            foreach (JsonProperty attribute in owner.Value.EnumerateObject())
            {
                if (attribute.Value.GetProperty("type").GetString() == "reference")
                {
                    Assert.Contains(file.Refused, r => r.Name == $"{path}@{attribute.Name}"
                        && r.Reason.Contains("reference", StringComparison.Ordinal));
                    continue;
                }
                ExpectedAttribute.Check(actual[attribute.Name], attribute.Value, Dtype(attribute.Value.GetProperty("type").GetString()!));
            }
        }
        Assert.Equal(objects.EnumerateObject().Sum(o => o.Value.EnumerateObject().Count()),
            file.ObjectsWithAttributes.Sum(o => file.Attributes(o).Count) + file.Refused.Count);
    }

    private static void CheckGroups(Hdf5File file, JsonElement expected)
    {
        JsonElement groups = expected.GetProperty("groups");
        if (groups.TryGetProperty("count", out JsonElement count))
        {
            Assert.Equal(count.GetInt32(), file.Groups.Count);
            Assert.Contains(groups.GetProperty("deepest").GetString()!.Trim('/'), file.Groups);
            return;
        }
        Assert.Equal(groups.EnumerateObject().Select(g => (g.Name.Trim('/'), g.Value.GetInt32())).Order(),
            file.LinkCounts.Select(g => (g.Key, g.Value)).Order());
        Assert.Equal(file.LinkCounts.Keys.Order(), file.Groups.Order());
    }

    private static void CheckLinks(Hdf5File file, JsonElement expected)
    {
        if (!expected.TryGetProperty("links", out JsonElement links))
        {
            Assert.Empty(file.Links);
            return;
        }
        foreach (JsonProperty link in links.EnumerateObject())
        {
            string kind = link.Value.GetProperty("kind").GetString()!;
            if (kind == "committed datatype")
            {
                continue;
            }
            Link actual = file.Links[link.Name[1..]];
            string target = link.Value.GetProperty("target").GetString()!;
            Assert.Equal(kind, $"{actual.Kind.ToString().ToLowerInvariant()} link to");
            Assert.Equal(actual.Kind == LinkKind.Hard ? target[1..] : target, actual.Target);
            if (actual.Kind == LinkKind.External)
            {
                Assert.Contains("external link", Assert.Throws<FileFormatException>(() => file.Find(link.Name)).Message,
                    StringComparison.Ordinal);
            }
            else if (actual.Kind == LinkKind.Hard && file.Arrays.Any(a => a.Name == target[1..]))
            {
                Assert.Equal(target[1..], file[link.Name].Name);
            }
        }
        Assert.Equal(links.EnumerateObject().Count(l => l.Value.GetProperty("kind").GetString() != "committed datatype"), file.Links.Count);
    }

    private static void CheckTexts(Hdf5File file, JsonElement entries)
    {
        foreach (string name in (string[])["config.json", "metadata.json"])
        {
            byte[] text = Encoding.UTF8.GetBytes(file.Texts[name]);
            Assert.Equal(entries.GetProperty(name).GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(text)));
        }
    }

    /// <summary>The reference's words for a type in our spelling.</summary>
    private static string Dtype(string type) => type switch
    {
        "<i1" => "|i1",
        "<u1" => "|u1",
        "enum {\"FALSE\": 0, \"TRUE\": 1} of <i1" => "|b1",
        _ when type.StartsWith("enum", StringComparison.Ordinal) => "|" + type[^2..],
        _ when type.StartsWith("vlen string", StringComparison.Ordinal) => "str",
        _ when type.StartsWith("string[", StringComparison.Ordinal) => "|S" + type[7..type.IndexOf(']', StringComparison.Ordinal)],
        _ when type.Contains("fields (15, 7, 8, 0, 7)", StringComparison.Ordinal) => "bfloat16",
        _ => type,
    };

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, JsonElement> Indexes = new();

    private static JsonElement Index(string folder) =>
        Indexes.GetOrAdd(folder, f => JsonDocument.Parse(File.ReadAllText(Goldens.PathOf(f + "/expected.json"))).RootElement);
}
