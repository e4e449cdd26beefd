using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace NativeFree.Benchmarks;

/// <summary>
/// The way of a user who runs <c>classify</c> once: from the start of the process to the printed classes, with the three parts that the command itself reports, and the memory it took. The file is in the system's
/// cache from the second start on; the first is not counted.
/// </summary>
public static partial class StartupBenchmark
{
    private const int Starts = 7;

    // The input's name and five classes.
    private const int AnswerLines = 6;

    /// <summary>Starts the program several times.</summary>
    /// <param name="startup">What to start.</param>
    /// <param name="options">Threads; there are no peers.</param>
    /// <param name="progress">Gets a line for each piece of work done.</param>
    /// <param name="cancel">Ends the series between starts.</param>
    /// <exception cref="BenchmarkException">The program does not answer as <c>classify</c> does.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    /// <exception cref="IOException">The weights cannot be read.</exception>
    public static BenchmarkReport Run(StartupOptions startup, BenchmarkOptions options, TextWriter progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(startup);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        using var run = new BenchmarkRun(options with { Peers = false }, progress, cancel);
        Measure(run, startup);
        return run.Report("startup", "classify with one picture: wall-clock time from the start of the process to the last line of the answer, and the parts that the command reports.");
    }

    internal static void Measure(BenchmarkRun run, StartupOptions startup)
    {
        string weights = Unpack(startup.Weights, run.Folder);
        long size = new FileInfo(weights).Length;
        var starts = new List<Start>();
        for (int i = 0; i <= Starts; i++)
        {
            run.Cancel.ThrowIfCancellationRequested();
            Start start = Once(startup, weights, run.Device.Threads);
            if (i > 0)
                starts.Add(start);
        }
        string work = $"classify, process start to top 5, {Megabytes(size)} MB of weights";
        Add(work, start => start.Total);
        Add("  runtime start", start => start.Runtime);
        Add("  load", start => start.Load);
        Add("  first picture", start => start.First);
        long peak = starts.Max(start => start.PeakBytes);
        if (peak > 0)
            run.Note($"classify: peak memory {Megabytes(peak)} MB, {peak / (double)size:F2} times the weight file.");

        void Add(string name, Func<Start, double> part) => run.Add(new BenchmarkRow(name, "", 0, Timing.Of([.. starts.Select(part)]), new Dictionary<string, Timing>()));
    }

    /// <summary>The parts out of the command's last line, in milliseconds.</summary>
    internal static (double Runtime, double Load, double First)? Parts(string text)
    {
        Match match = Line().Match(text);
        return match.Success ? (Milliseconds(1), Milliseconds(2), Milliseconds(3)) : null;

        double Milliseconds(int group) => 1000 * double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    private static Start Once(StartupOptions startup, string weights, int threads)
    {
        var info = new ProcessStartInfo(startup.Program[0], [.. startup.Program.Skip(1), "classify", startup.Picture, "--weights", weights, "--threads", threads.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        long begun = Stopwatch.GetTimestamp();
        using Process process = Begin(info);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        int lines = 0;
        while (lines < AnswerLines && process.StandardOutput.ReadLine() is not null)
            lines++;
        double total = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        long peak = PeakBytes(process.Id);
        process.WaitForExit();
        if (lines < AnswerLines || Parts(errors.Result) is not { } parts)
            throw new BenchmarkException($"bench startup: classify prints a name, five classes and its timings; {lines} lines and '{errors.Result.ReplaceLineEndings(" ").Trim()}' arrived; run the same by hand: {string.Join(' ', info.ArgumentList.Prepend(info.FileName))}");
        return new Start(total, parts.Runtime, parts.Load, parts.First, peak);
    }

    private static Process Begin(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new BenchmarkException($"bench startup: the program starts; {info.FileName} does not ({e.Message}).", e);
        }
    }

    // The process has printed its answer and is about to end; where it was faster, or the system has no /proc, the peak stays unknown.
    private static long PeakBytes(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    private static string Unpack(string weights, string folder)
    {
        if (!weights.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            return weights;
        string plain = Path.Combine(folder, Path.GetFileNameWithoutExtension(weights));
        using var packed = new GZipStream(File.OpenRead(weights), CompressionMode.Decompress);
        using FileStream unpacked = File.Create(plain);
        packed.CopyTo(unpacked);
        return plain;
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("F0", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"([\d.]+) s runtime start, ([\d.]+) s load, ([\d.]+) s first picture")]
    private static partial Regex Line();

    private readonly record struct Start(double Total, double Runtime, double Load, double First, long PeakBytes);
}
