using System.Diagnostics;
using System.Text.Json;
using NativeFree.Cli;

namespace NativeFree.Tests;

/// <summary>What the command line says of every stored file: exit code 0 and silence for what is whole, 1 and a line for each thing
/// refused, within a second.</summary>
[Collection("whole networks")]
public sealed class RefusalCommandTests
{
    public static TheoryData<string> Arrays =>
    [
        .. new[] { "formats/hdf5", "formats/hdf5/bad", "formats/npz", "formats/npz/bad" }
            .SelectMany(folder => Goldens.Files(folder)
                .Where(file => Path.GetDirectoryName(file) == folder && !file.EndsWith(".json", StringComparison.Ordinal))),
    ];

    [GoldenTheory("formats/hdf5")]
    [MemberData(nameof(Arrays))]
    public void Inspect_reads_or_refuses(string relative)
    {
        string path = Goldens.PathOf(relative);
        var watch = Stopwatch.StartNew();
        CommandRun run = CommandRun.Of("inspect", path, "--read", "--json");
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 1);
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("nativefree: ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        JsonElement expected =
            JsonDocument.Parse(File.ReadAllText(Goldens.PathOf(Path.GetDirectoryName(relative) + "/expected.json"))).RootElement;
        string name = Path.GetFileName(relative);
        switch (Path.GetDirectoryName(relative))
        {
            case "formats/npz":
                Assert.Equal((0, ""), (run.Code, run.Error));
                break;
            case "formats/npz/bad":
                Assert.Equal(expected.GetProperty(name).GetProperty("outcome").GetString() == "refuse" ? 1 : 0, run.Code);
                break;
            case "formats/hdf5/bad":
                Assert.True(run.Code == 1 || expected.GetProperty("files").GetProperty(name).GetProperty("verdict").GetString() != "refuse",
                    run.Output);
                break;
            default:
                Assert.InRange(lines.Length, Refused(expected.GetProperty(name), "refuse").Length,
                    Refused(expected.GetProperty(name), "refuse", "either", "reference").Length);
                Assert.Equal(lines.Length == 0 ? 0 : 1, run.Code);
                // What is refused does not stop its neighbours from being listed.
                Assert.All(Refused(expected.GetProperty(name), "refuse"), dataset =>
                    Assert.Contains(lines, line => line.Contains(dataset, StringComparison.Ordinal)));
                break;
        }
        Assert.True(run.Code == 0 || lines.Length > 0, relative);
    }

    /// <summary>One command, every malformed image, and a good one among them: that one is answered.</summary>
    [GoldenFact("formats/images/bad")]
    public void Classify_refuses_every_bad_image_and_answers_the_good_one()
    {
        JsonElement expected = JsonDocument.Parse(File.ReadAllText(Goldens.PathOf("formats/images/expected.json"))).RootElement;
        string[] bad =
        [
            .. expected.EnumerateObject().Where(file => file.Value.ValueKind == JsonValueKind.Object && file.Value.GetProperty("expect")
                .GetString() == "refuse")
                .Select(file => Goldens.PathOf("formats/images/" + file.Name)).Where(File.Exists),
        ];
        string photo = BundledFiles.PathOf("images", "rocket.jpg");
        CommandRun run = CommandRun.Of(["classify", .. bad[..5], photo, .. bad[5..], "--weights",
            BundledFiles.PathOf("weights", "chainer_resnet50_seed1.npz"), "--json", "--quiet"]);
        Assert.Equal(1, run.Code);
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(bad.Length, lines.Length);
        for (int i = 0; i < bad.Length; i++)
            Assert.StartsWith($"nativefree: {bad[i]}", lines[i], StringComparison.Ordinal);
        Assert.Equal(photo, Assert.Single(JsonDocument.Parse(run.Output).RootElement.GetProperty("results").EnumerateArray())
            .GetProperty("input").GetString());
    }

    private static string[] Refused(JsonElement file, params string[] verdicts)
    {
        if (file.TryGetProperty("model.weights.h5", out JsonElement inner))
            file = inner;
        var names = new List<string>();
        if (file.TryGetProperty("datasets", out JsonElement datasets))
            names.AddRange(datasets.EnumerateObject().Where(dataset => verdicts.Contains(dataset.Value.GetProperty("verdict").GetString()))
                .Select(dataset => dataset.Name[1..]));
        if (verdicts.Contains("reference") && file.TryGetProperty("attributes", out JsonElement objects))
            names.AddRange(objects.EnumerateObject().SelectMany(item => item.Value.EnumerateObject())
                .Where(attribute => attribute.Value.GetProperty("type").GetString() == "reference").Select(attribute => attribute.Name));
        return [.. names];
    }
}
