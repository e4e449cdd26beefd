using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>
/// One series in progress: the device, the peers that could be started, a folder for their models, and the rows so far. A peer that is missing or fails costs a line, not the series.
/// </summary>
internal sealed class BenchmarkRun : IDisposable
{
    private readonly DateTimeOffset started = DateTimeOffset.UtcNow;
    private readonly Machine machine;
    private readonly double peakBefore;
    private readonly TextWriter progress;
    private readonly List<BenchmarkRow> rows = [];
    private readonly List<string> notes = [];

    /// <summary>Starts the peers and measures the peak.</summary>
    /// <param name="options">How to run.</param>
    /// <param name="progress">Gets a line for each piece of work done.</param>
    /// <param name="cancel">Ends the series between runs.</param>
    public BenchmarkRun(BenchmarkOptions options, TextWriter progress, CancellationToken cancel)
    {
        Options = options;
        this.progress = progress;
        Cancel = cancel;
        Device = new CpuDevice(options.Threads);
        machine = Machine.Of(Device);
        peakBefore = FmaPeak.Measure(Device);
        Folder = Directory.CreateTempSubdirectory("nativefree-bench-").FullName;
        Peers = PeerTeam.Start(options, Device.Threads);
    }

    public BenchmarkOptions Options { get; }

    public CancellationToken Cancel { get; }

    public CpuDevice Device { get; }

    /// <summary>A temporary folder, deleted at the end.</summary>
    public string Folder { get; }

    public PeerTeam Peers { get; }

    public IReadOnlyList<BenchmarkRow> Rows => rows;

    /// <summary>Whether other ways of ours are left out.</summary>
    public bool OneWay { get; init; }

    /// <summary>Whether a piece of work was asked for.</summary>
    public bool Wants(string work) => Options.Only is null || work.Contains(Options.Only, StringComparison.OrdinalIgnoreCase);

    public void Note(string line) => notes.Add(line);

    /// <summary>Times ours and the others in turn and adds the row.</summary>
    /// <param name="work">Name and sizes.</param>
    /// <param name="how">Which algorithm of ours; may be empty.</param>
    /// <param name="flops">Operations, or 0.</param>
    /// <param name="ours">Our work, once.</param>
    /// <param name="others">Other ways of ours, and the peers' work, loaded; what the peers loaded is unloaded here.</param>
    /// <param name="operators">Node types whose time in the peer's own profile counts for ONNX Runtime, or none for the whole call.</param>
    public void Measure(string work, string how, double flops, Action ours, IReadOnlyList<IContender> others, params string[] operators)
    {
        if (OneWay)
            others = [.. others.Where(other => other is PeerWork)];
        Timing[] timings = Interleaved.Measure([new LocalContender("ours", ours), .. others], Options.Rounds, Cancel);
        var columns = new Dictionary<string, Timing>();
        for (int i = 0; i < others.Count; i++)
        {
            var peer = others[i] as PeerWork;
            bool profiled = operators.Length > 0 && peer?.Name == PeerTeam.OnnxRuntimeKey;
            columns.Add(others[i].Name, (profiled ? peer!.NodeTiming(operators) : null) ?? timings[i + 1]);
            peer?.Dispose();
        }
        Add(new BenchmarkRow(work, how, flops, timings[0], columns));
    }

    public void Add(BenchmarkRow row)
    {
        rows.Add(row);
        string speed = row.Flops > 0 ? $", {row.Gflops:F0} GFLOP/s" : "";
        progress.WriteLine($"{row.Work}: {row.Ours.Median:F3} ms{speed}" + string.Concat(row.Peers.Select(peer => $"; {ReportTable.Title(peer.Key)} {peer.Value.Median:F3} ms")));
    }

    /// <summary>The finished report.</summary>
    /// <exception cref="BenchmarkException">No piece of work had the name asked for.</exception>
    public BenchmarkReport Report(string name, string what)
    {
        if (rows.Count == 0)
            throw new BenchmarkException($"bench {name}: --only names a piece of work; none contains '{Options.Only}'; leave --only out to see all names.");
        double peak = Math.Max(peakBefore, FmaPeak.Measure(Device));
        return new BenchmarkReport(name, what, started, machine, peak, Peers.Lines, rows, notes);
    }

    public void Dispose()
    {
        Peers.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
