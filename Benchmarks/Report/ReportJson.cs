using System.Text;
using System.Text.Json;

namespace NativeFree.Benchmarks;

/// <summary>
/// Reports as JSON: <c>{"rows":[{"work","ours_ms","peers":{"onnxruntime_ms","pytorch_ms"},"gflops","peak_gflops"}]}</c>, medians; a peer that did not take part is null. Beside these stand the spreads
/// (<c>ours_min_ms</c>, <c>ours_max_ms</c>, likewise for peers), the <c>algorithm</c>, and <c>series</c>: each report's name, machine, peer versions and notes.
/// </summary>
internal static class ReportJson
{
    private static readonly string[] Always = ["onnxruntime", "pytorch"];

    public static string Write(IReadOnlyList<BenchmarkReport> reports)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteStartArray("rows");
            foreach (BenchmarkReport report in reports)
            {
                foreach (BenchmarkRow row in report.Rows)
                    WriteRow(json, report, row);
            }
            json.WriteEndArray();
            json.WriteStartArray("series");
            foreach (BenchmarkReport report in reports)
                WriteSeries(json, report);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(memory.ToArray());
    }

    private static void WriteRow(Utf8JsonWriter json, BenchmarkReport report, BenchmarkRow row)
    {
        json.WriteStartObject();
        json.WriteString("work", row.Work);
        json.WriteString("algorithm", row.How);
        WriteTiming(json, "ours", row.Ours);
        json.WriteStartObject("peers");
        foreach (string key in Always.Union(report.PeerKeys))
            WriteTiming(json, key, row.Peers.TryGetValue(key, out Timing timing) ? timing : null);
        json.WriteEndObject();
        if (row.Flops > 0)
            json.WriteNumber("gflops", Math.Round(row.Gflops, 1));
        else
            json.WriteNull("gflops");
        json.WriteNumber("peak_gflops", Math.Round(report.PeakGflops, 1));
        json.WriteEndObject();
    }

    private static void WriteTiming(Utf8JsonWriter json, string key, Timing? timing)
    {
        if (timing is not { } t)
        {
            json.WriteNull($"{key}_ms");
            return;
        }
        json.WriteNumber($"{key}_ms", Math.Round(t.Median, 4));
        json.WriteNumber($"{key}_min_ms", Math.Round(t.Min, 4));
        json.WriteNumber($"{key}_max_ms", Math.Round(t.Max, 4));
    }

    private static void WriteSeries(Utf8JsonWriter json, BenchmarkReport report)
    {
        json.WriteStartObject();
        json.WriteString("name", report.Name);
        json.WriteString("started", report.Started);
        json.WriteStartObject("machine");
        json.WriteString("cpu", report.Machine.Cpu);
        json.WriteNumber("cores", report.Machine.Cores);
        json.WriteNumber("threads", report.Machine.Threads);
        json.WriteNumber("vector_bits", report.Machine.VectorBits);
        json.WriteString("system", report.Machine.System);
        json.WriteString("runtime", report.Machine.Runtime);
        json.WriteString("version", report.Machine.Version);
        if (double.IsFinite(report.Machine.Load))
            json.WriteNumber("load", report.Machine.Load);
        json.WriteEndObject();
        WriteLines(json, "peers", report.Peers);
        WriteLines(json, "notes", report.Notes);
        json.WriteEndObject();
    }

    private static void WriteLines(Utf8JsonWriter json, string name, IReadOnlyList<string> lines)
    {
        json.WriteStartArray(name);
        foreach (string line in lines)
            json.WriteStringValue(line);
        json.WriteEndArray();
    }
}
