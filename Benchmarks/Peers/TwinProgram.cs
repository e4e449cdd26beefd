using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace NativeFree.Benchmarks;

/// <summary>
/// A C program that runs the same convolutions in the engine's scheme, compiled by whoever wants the comparison; docs/engine.md describes it. It is a whole program that prints one line a shape, so it is not interleaved
/// run by run but run before and after ours; the best of its runs counts.
/// </summary>
internal sealed partial class TwinProgram(string program, int threads)
{
    private readonly Dictionary<string, List<double>> direct = [];
    private double peak;

    /// <summary>Runs the program once and keeps the best time of each line.</summary>
    /// <exception cref="BenchmarkException">It does not start, fails, or prints nothing known.</exception>
    public void Run(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(Path.GetFullPath(program)) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        start.Environment["OMP_PROC_BIND"] = "true";
        string output;
        try
        {
            using Process process = Process.Start(start)!;
            using CancellationTokenRegistration stop = cancel.Register(process.Kill);
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
        catch (Win32Exception e)
        {
            throw new BenchmarkException($"--twin: a program is expected; {program} does not start ({e.Message}); compile it first.", e);
        }
        cancel.ThrowIfCancellationRequested();
        Read(output);
        if (direct.Count == 0)
            throw new BenchmarkException($"--twin: lines such as 'resnet50 64 -> 64 1x1 /1 @ 56 x1 direct 0.1 ms' are expected; {program} printed none.");
    }

    /// <summary>Takes the times out of the program's output.</summary>
    public void Read(string output)
    {
        foreach (Match match in Line().Matches(output))
        {
            string name = string.Create(
                CultureInfo.InvariantCulture,
                $"{match.Groups["net"]} conv {match.Groups["c"]}-{match.Groups["k"]} {match.Groups["r"]}x{match.Groups["r"]}/{match.Groups["stride"]} @{match.Groups["size"]}");
            if (!direct.TryGetValue(name, out List<double>? times))
                direct.Add(name, times = []);
            times.Add(double.Parse(match.Groups["ms"].Value, CultureInfo.InvariantCulture));
        }
        if (Peak().Match(output) is { Success: true } found)
            peak = Math.Max(peak, double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    /// <summary>The report with the program's times in a column of their own.</summary>
    public BenchmarkReport Beside(BenchmarkReport report)
    {
        var rows = new List<BenchmarkRow>();
        var ratios = new List<double>();
        foreach (BenchmarkRow row in report.Rows)
        {
            if (!direct.TryGetValue(row.Work, out List<double>? times))
            {
                rows.Add(row);
                continue;
            }
            Timing twin = Timing.Of(times) with { Median = times.Min() };
            rows.Add(row with { Peers = new Dictionary<string, Timing>(row.Peers) { ["twin"] = twin } });
            ratios.Add(twin.Min / (row.Peers.TryGetValue("direct", out Timing ours) ? ours : row.Ours).Min);
        }
        double mean = ratios.Count == 0 ? double.NaN : Math.Exp(ratios.Average(Math.Log));
        return report with
        {
            Rows = rows,
            Peers = [.. report.Peers, $"C twin: direct convolution, filters packed ahead of time; run before and after ours, best of its runs; its own FMA peak {peak:F0} GFLOP/s."],
            Notes = [.. report.Notes, $"Speed of our direct convolution against the twin's, best run against best run, geometric mean over {ratios.Count} shapes: {mean:F2}."],
        };
    }

    [GeneratedRegex(@"^(?<net>\w+) +(?<c>\d+) -> +(?<k>\d+) (?<r>\d+)x\d+ /(?<stride>\d+) @ *(?<size>\d+) +x\d+ +direct +(?<ms>[\d.]+) ms", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex(@"FMA peak (\d+) GFLOP/s")]
    private static partial Regex Peak();
}
