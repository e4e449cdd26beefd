using System.Globalization;
using System.Text;

namespace NativeFree.Benchmarks;

/// <summary>A report as aligned text for the terminal and as markdown for the results folder and the README; both show the same cells.</summary>
internal static class ReportTable
{
    /// <summary>Facts, the table in aligned columns, notes.</summary>
    public static string Text(BenchmarkReport report)
    {
        List<string[]> cells = Cells(report);
        int[] widths = [.. Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(row => row[column].Length))];
        var text = new StringBuilder();
        foreach (string fact in report.Facts())
            text.AppendLine(fact);
        text.AppendLine();
        foreach (string[] row in cells)
        {
            text.Append(row[0].PadRight(widths[0])).Append("  ").Append(row[1].PadRight(widths[1]));
            for (int column = 2; column < row.Length; column++)
                text.Append("  ").Append(row[column].PadLeft(widths[column]));
            text.AppendLine();
        }
        foreach (string note in report.Notes)
            text.AppendLine().Append(note);
        return text.ToString().TrimEnd();
    }

    /// <summary>The same as markdown, without a heading.</summary>
    public static string Markdown(BenchmarkReport report)
    {
        List<string[]> cells = Cells(report);
        var text = new StringBuilder();
        foreach (string fact in report.Facts())
            text.Append("- ").Append(fact).Append('\n');
        text.Append('\n').Append(Line(cells[0])).Append("|---|---|").Append(string.Concat(Enumerable.Repeat("---:|", cells[0].Length - 2))).Append('\n');
        foreach (string[] row in cells.Skip(1))
            text.Append(Line(row));
        foreach (string note in report.Notes)
            text.Append('\n').Append(note).Append('\n');
        return text.ToString();

        static string Line(string[] row) => "| " + string.Join(" | ", row) + " |\n";
    }

    private static List<string[]> Cells(BenchmarkReport report)
    {
        IReadOnlyList<string> peers = report.PeerKeys;
        var cells = new List<string[]>
        {
            (string[])["work", "algorithm", "ours, ms", "GFLOP/s", "of peak", .. peers.SelectMany(key => (string[])[$"{Title(key)}, ms", $"ours / {Title(key)}"])],
        };
        foreach (BenchmarkRow row in report.Rows)
        {
            var line = new List<string> { row.Work, row.How, Spread(row.Ours) };
            line.AddRange(row.Flops > 0 ? [Rate(row.Gflops), Number(row.Gflops / report.PeakGflops, 2)] : ["", ""]);
            foreach (string key in peers)
            {
                if (row.Peers.TryGetValue(key, out Timing peer))
                    line.AddRange([Spread(peer), Number(row.Ours.Median / peer.Median, 2)]);
                else
                    line.AddRange(["", ""]);
            }
            cells.Add([.. line]);
        }
        return cells;
    }

    /// <summary>A peer's name for people.</summary>
    public static string Title(string key) => key switch
    {
        "onnxruntime" => "ONNX Runtime",
        "pytorch" => "PyTorch",
        "twin" => "C twin",
        "clblast" => "CLBlast",
        "direct" => "our direct",
        "eager" => "our eager",
        "single" => "our float32",
        "one-thread" => "one thread",
        _ => key,
    };

    /// <summary>GFLOP/s: whole ones; below ten, where an emulator is, two digits behind the point.</summary>
    internal static string Rate(double gflops) => Number(gflops, gflops < 10 ? 2 : 0);

    private static string Spread(Timing timing) => $"{Milliseconds(timing.Median)} ({Milliseconds(timing.Min)}–{Milliseconds(timing.Max)})";

    // Three significant digits are what the spread leaves.
    private static string Milliseconds(double value) => Number(value, value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3);

    private static string Number(double value, int digits) => value.ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
