namespace NativeFree.Benchmarks;

/// <summary>One piece of work and what everybody took for it.</summary>
/// <param name="Work">Its name and sizes.</param>
/// <param name="How">Which algorithm of ours ran; may be empty.</param>
/// <param name="Flops">Operations of its definition, a multiply-add counted as two; 0 where counting makes no sense.</param>
/// <param name="Ours">This engine.</param>
/// <param name="Peers">The others by key: peers (<c>onnxruntime</c>, <c>pytorch</c>, <c>twin</c>) and other ways of ours (<c>direct</c>, <c>eager</c>); who took no part is not there.</param>
public sealed record BenchmarkRow(string Work, string How, double Flops, Timing Ours, IReadOnlyDictionary<string, Timing> Peers)
{
    /// <summary>GFLOP/s of the median run; above the peak where an algorithm (Winograd) saves operations.</summary>
    public double Gflops => Flops / Ours.Median / 1e6;
}
