using NativeFree.Benchmarks;

namespace NativeFree.Tests.Benchmarks;

public class TimingTests
{
    [Theory]
    [InlineData(new[] { 3.0 }, 3, 3, 3)]
    [InlineData(new[] { 5.0, 1, 2 }, 2, 1, 5)]
    [InlineData(new[] { 4.0, 1, 9, 2 }, 3, 1, 9)]
    public void A_timing_is_median_and_spread(double[] runs, double median, double min, double max) => Assert.Equal(new Timing(median, min, max, runs.Length), Timing.Of(runs));

    [Fact]
    public void No_run_is_no_timing() => Assert.Throws<ArgumentException>(() => Timing.Of([]));

    [Fact]
    public void Contenders_take_turns_and_each_round_begins_with_another()
    {
        var slots = new List<string>();
        Interleaved.Measure([new Noted("a", slots), new Noted("b", slots), new Noted("c", slots)], rounds: 3, CancellationToken.None);
        Assert.Equal("a b c a b c b c a c a b", string.Join(' ', slots));
    }

    [Fact]
    public void Uncounted_runs_are_not_in_the_timing()
    {
        Timing[] timings = Interleaved.Measure([new Noted("a", [])], rounds: 2, CancellationToken.None);
        Assert.Equal(new Timing(50, 50, 50, 6), Assert.Single(timings));
    }

    [Fact]
    public void The_peak_is_above_what_any_product_reaches()
    {
        var device = new NativeFree.Kernels.CpuDevice(1);
        double peak = FmaPeak.Measure(device);
        // Half a multiply-add a cycle at 1 GHz, on 4 lanes; no processor that runs .NET is below.
        Assert.True(peak > 4, $"{peak} GFLOP/s");
    }

    /// <summary>Notes when a slot begins: with the run that is not counted.</summary>
    private sealed class Noted(string name, List<string> slots) : IContender
    {
        private bool sizing;

        public string Name => name;

        public void WarmUp(CancellationToken cancel)
        {
            // Two warm-ups and a run find out how many runs a slot takes; they count as one slot here.
            if (slots.Count == 0 || slots[^1] != name || sizing)
                slots.Add(name);
            sizing = false;
        }

        public double[] Run(int times, CancellationToken cancel)
        {
            sizing = true;
            return [.. Enumerable.Repeat(50.0, times)];
        }
    }
}
