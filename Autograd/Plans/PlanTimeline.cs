using System.Globalization;
using System.Text.Json;

namespace NativeFree.Autograd;

/// <summary>When each thread worked on which step during one run of a plan.</summary>
/// <param name="Rows">The steps in their order, with what each took in this run.</param>
/// <param name="Spans">By thread, and of one thread by time; spans of one thread do not overlap.</param>
public sealed record PlanTimeline(IReadOnlyList<PlanProfileRow> Rows, IReadOnlyList<PlanSpan> Spans)
{
    private const int Process = 1;

    /// <summary>
    /// Writes the timeline for chrome://tracing and Perfetto: complete events ("ph":"X") with times in microseconds, a thread name for each track, and algorithm, output shape, GFLOP/s and bytes as arguments
    /// (Google's "Trace Event Format").
    /// </summary>
    /// <param name="file">Overwritten.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string file)
    {
        using FileStream stream = File.Create(file);
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        foreach (int thread in Spans.Select(span => span.Thread).Distinct())
            WriteThread(json, thread);
        foreach (PlanSpan span in Spans)
            WriteSpan(json, span, Rows[span.Step]);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteThread(Utf8JsonWriter json, int thread)
    {
        json.WriteStartObject();
        json.WriteString("ph", "M");
        json.WriteString("name", "thread_name");
        json.WriteNumber("pid", Process);
        json.WriteNumber("tid", thread);
        json.WriteStartObject("args");
        json.WriteString("name", thread == 0 ? "steps" : string.Create(CultureInfo.InvariantCulture, $"helper {thread}"));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSpan(Utf8JsonWriter json, PlanSpan span, PlanProfileRow row)
    {
        json.WriteStartObject();
        json.WriteString("ph", "X");
        json.WriteString("name", row.Layer.Length > 0 ? row.Layer : row.Algorithm);
        json.WriteString("cat", row.Algorithm);
        json.WriteNumber("pid", Process);
        json.WriteNumber("tid", span.Thread);
        json.WriteNumber("ts", Math.Round(1000 * span.StartMilliseconds, 3));
        json.WriteNumber("dur", Math.Round(1000 * span.Milliseconds, 3));
        json.WriteStartObject("args");
        json.WriteString("algorithm", row.Algorithm);
        json.WriteString("output", row.Output.ToString());
        json.WriteNumber("gflops", Math.Round(row.Gflops, 1));
        json.WriteNumber("bytes", row.Bytes);
        json.WriteNumber("weight_bytes", row.WeightBytes);
        json.WriteNumber("workspace_bytes", row.WorkspaceBytes);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
