namespace NativeFree.Benchmarks;

/// <summary>A series of measurements with everything needed to read it.</summary>
/// <param name="Name">The series: <c>gemm</c>, <c>conv</c>, <c>models</c>, <c>training</c>, <c>startup</c>.</param>
/// <param name="What">What is measured, and what is not, in sentences.</param>
/// <param name="Started">When.</param>
/// <param name="Machine">On what.</param>
/// <param name="PeakGflops">The fused multiply-adds measured on the same threads before and after the series, the better of both.</param>
/// <param name="Peers">One line a peer: its version and settings, or why it did not take part.</param>
/// <param name="Rows">The measurements.</param>
/// <param name="Notes">Totals and remarks.</param>
public sealed record BenchmarkReport(
    string Name,
    string What,
    DateTimeOffset Started,
    Machine Machine,
    double PeakGflops,
    IReadOnlyList<string> Peers,
    IReadOnlyList<BenchmarkRow> Rows,
    IReadOnlyList<string> Notes)
{
    /// <summary>Keys of the peers that took part in any row, in the order of their first appearance.</summary>
    internal IReadOnlyList<string> PeerKeys => [.. Rows.SelectMany(row => row.Peers.Keys).Distinct()];

    /// <summary>Facts, an aligned table and notes, for a terminal.</summary>
    public string ToText() => ReportTable.Text(this);

    /// <summary>
    /// Reports as JSON: <c>{"rows":[{"work","ours_ms","peers":{"onnxruntime_ms","pytorch_ms"},"gflops","peak_gflops"}],"series":[…]}</c>; milliseconds are medians, a peer that took no part is null.
    /// </summary>
    public static string ToJson(params IReadOnlyList<BenchmarkReport> reports) => ReportJson.Write(reports);

    /// <summary>Writes the report as markdown to <c>DATE-TIME-NAME.md</c>; nothing there is ever overwritten.</summary>
    /// <param name="folder">Created if it is missing.</param>
    /// <returns>The file's path.</returns>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    public string Save(string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{Started.UtcDateTime:yyyy-MM-dd-HHmmss}-{Name}.md");
        using var writer = new StreamWriter(new FileStream(path, FileMode.CreateNew));
        writer.Write($"# bench {Name}, {Started.UtcDateTime:yyyy-MM-dd HH:mm} UTC\n\n{ReportTable.Markdown(this)}");
        return path;
    }

    /// <summary>Replaces the part of a text file between <c>&lt;!-- bench:NAME --&gt;</c> and <c>&lt;!-- /bench:NAME --&gt;</c> by this report's table.</summary>
    /// <exception cref="BenchmarkException">A marker is missing.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public void WriteInto(string file) => MarkedBlock.Replace(file, Name, ReportTable.Markdown(this));

    /// <summary>The facts above a table, one a line.</summary>
    internal IEnumerable<string> Facts()
    {
        yield return What;
        yield return $"{Machine.Cpu}, {Machine.Cores} logical processors; {Machine.Threads} threads for everybody; {Machine.VectorBits}-bit vectors; FMA peak {ReportTable.Rate(PeakGflops)} GFLOP/s on these threads.";
        yield return $"{Machine.System}; {Machine.Runtime}; NativeFree {Machine.Version}; {Started:yyyy-MM-dd HH:mm} UTC; load before the start {Machine.Load:F2}.";
        foreach (string peer in Peers)
            yield return peer;
    }
}
