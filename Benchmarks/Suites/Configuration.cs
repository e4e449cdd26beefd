using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace NativeFree.Benchmarks.Suites;

/// <summary>
/// How every suite is measured. In this process, since a generated project would inherit the repository's build rules; short iterations, since a kernel takes microseconds to milliseconds; allocations shown, since a
/// steady kernel allocates nothing.
/// </summary>
public sealed class Configuration : ManualConfig
{
    /// <summary>Builds the configuration.</summary>
    public Configuration()
    {
        AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(10).WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(100)));
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddColumn(new GflopsColumn(), StatisticColumn.Median, StatisticColumn.Min);
        AddDiagnoser(MemoryDiagnoser.Default);
        AddExporter(MarkdownExporter.GitHub);
        AddLogger(ConsoleLogger.Default);
        WithArtifactsPath("artifacts/benchmarks");
    }
}
