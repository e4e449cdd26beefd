namespace NativeFree.Benchmarks;

/// <summary>The table of the README: the machine's peak, two products, two convolutions, three networks, two training steps and a process start, in one run.</summary>
public static class OverviewBenchmark
{
    /// <summary>Runs the selection.</summary>
    /// <param name="startup">The program whose start is timed.</param>
    /// <param name="options">How to run.</param>
    /// <param name="progress">Gets a line for each piece of work done.</param>
    /// <param name="cancel">Ends the series between runs.</param>
    /// <exception cref="BenchmarkException">A result is wrong, or no piece of work has the name asked for.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static BenchmarkReport Run(StartupOptions startup, BenchmarkOptions options, TextWriter progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(startup);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        using var run = new BenchmarkRun(options, progress, cancel) { OneWay = true };
        GemmBenchmark.Measure(run, work => work is "gemm 1024x1024x1024" or "gemm 2048x2048x2048");
        ConvolutionBenchmark.Measure(run, work => work is "vgg16 conv 64-64 3x3/1 @224" or "vgg16 conv 256-256 3x3/1 @56");
        ModelsBenchmark.Measure(run);
        TrainingBenchmark.Measure(run);
        if (run.Wants("classify"))
            StartupBenchmark.Measure(run, startup);
        return run.Report("all", "Median of interleaved runs (fastest–slowest). Networks: 224×224 pictures, compiled plan, prepared input to logits. FLOPs are those of the definition: Winograd does fewer. ONNX Runtime: single operations by the time of their node alone.");
    }
}
