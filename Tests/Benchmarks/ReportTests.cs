using System.Text.Json;
using NativeFree.Benchmarks;

namespace NativeFree.Tests.Benchmarks;

public class ReportTests
{
    private static readonly BenchmarkReport Report = new(
        "gemm",
        "What is measured.",
        new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero),
        new Machine("Some CPU", 4, 2, 512, "Some system", ".NET", "0.1.0", 0.25),
        400,
        ["ONNX Runtime 1.2: settings."],
        [
            new BenchmarkRow("gemm 10", "direct", 2e6, new Timing(0.01, 0.009, 0.02, 7), new Dictionary<string, Timing> { ["onnxruntime"] = new(0.02, 0.01, 0.03, 5) }),
            new BenchmarkRow("start", "", 0, new Timing(123.4, 100, 200, 3), new Dictionary<string, Timing>()),
        ],
        ["A note."]);

    [Fact]
    public void Json_has_the_documented_keys()
    {
        using JsonDocument json = JsonDocument.Parse(BenchmarkReport.ToJson(Report));
        JsonElement first = json.RootElement.GetProperty("rows")[0], second = json.RootElement.GetProperty("rows")[1];
        Assert.Equal("gemm 10", first.GetProperty("work").GetString());
        Assert.Equal("direct", first.GetProperty("algorithm").GetString());
        Assert.Equal(0.01, first.GetProperty("ours_ms").GetDouble());
        Assert.Equal(0.02, first.GetProperty("peers").GetProperty("onnxruntime_ms").GetDouble());
        Assert.Equal(JsonValueKind.Null, first.GetProperty("peers").GetProperty("pytorch_ms").ValueKind);
        Assert.Equal(200, first.GetProperty("gflops").GetDouble());
        Assert.Equal(400, first.GetProperty("peak_gflops").GetDouble());
        Assert.Equal(JsonValueKind.Null, second.GetProperty("gflops").ValueKind);
        Assert.Equal(2, json.RootElement.GetProperty("series")[0].GetProperty("machine").GetProperty("threads").GetInt32());
    }

    [Fact]
    public void The_table_shows_medians_spreads_share_of_peak_and_ratios()
    {
        string[] lines = Report.ToText().Split('\n', StringSplitOptions.TrimEntries);
        string row = Assert.Single(lines, line => line.StartsWith("gemm 10 ", StringComparison.Ordinal));
        Assert.Equal(["gemm", "10", "direct", "0.010", "(0.009–0.020)", "200", "0.50", "0.020", "(0.010–0.030)", "0.50"], row.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(lines, line => line.Contains("Some CPU", StringComparison.Ordinal) && line.Contains("2 threads", StringComparison.Ordinal) && line.Contains("peak 400", StringComparison.Ordinal));
        Assert.Contains(lines, line => line == "ONNX Runtime 1.2: settings.");
        Assert.Equal("A note.", lines[^1]);
    }

    [Fact]
    public void Results_are_dated_and_never_overwritten()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string path = Report.Save(folder);
            Assert.Equal("2026-03-04-050607-gemm.md", Path.GetFileName(path));
            Assert.Contains("| gemm 10 | direct | 0.010 (0.009–0.020) | 200 | 0.50 | 0.020 (0.010–0.030) | 0.50 |", File.ReadAllText(path), StringComparison.Ordinal);
            Assert.Throws<IOException>(() => Report.Save(folder));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    [Fact]
    public void Only_what_stands_between_the_markers_is_replaced() => Assert.Equal(
        "before\n<!-- bench:gemm -->\nnew\n<!-- /bench:gemm -->\nafter <!-- bench:conv -->x<!-- /bench:conv -->",
        MarkedBlock.In("before\n<!-- bench:gemm -->\nold\n<!-- /bench:gemm -->\nafter <!-- bench:conv -->x<!-- /bench:conv -->", "gemm", "new\n", "README.md"));

    [Theory]
    [InlineData("nothing", "the first is not there")]
    [InlineData("<!-- bench:gemm -->", "the second is not there")]
    [InlineData("<!-- /bench:gemm --> <!-- bench:gemm -->", "the second is not there")]
    public void A_missing_marker_is_named(string text, string rule)
    {
        BenchmarkException error = Assert.Throws<BenchmarkException>(() => MarkedBlock.In(text, "gemm", "new", "README.md"));
        Assert.StartsWith("README.md: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }
}
