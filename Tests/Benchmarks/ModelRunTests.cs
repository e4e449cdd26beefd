using NativeFree.Benchmarks;

namespace NativeFree.Tests.Benchmarks;

public class ModelRunTests
{
    [Fact]
    public void A_plan_and_the_eager_path_stand_in_one_row()
    {
        BenchmarkReport report = ModelsBenchmark.Run(new BenchmarkOptions { Peers = false, Rounds = 1, Only = "googlenet batch 1" }, TextWriter.Null);
        BenchmarkRow row = Assert.Single(report.Rows);
        Assert.Equal(("googlenet batch 1", "plan"), (row.Work, row.How));
        Assert.Equal(["eager"], row.Peers.Keys);
        // Szegedy et al., table 1: about 1.5 billion multiply-adds; models.md's sum over the layers.
        Assert.InRange(row.Flops, 3.0e9, 3.4e9);
    }

    [Fact]
    public void An_unknown_step_is_refused() => Assert.Throws<BenchmarkException>(() => TrainingBenchmark.Run(new BenchmarkOptions { Peers = false, Only = "no such net" }, TextWriter.Null));
}
