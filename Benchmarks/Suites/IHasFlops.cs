namespace NativeFree.Benchmarks.Suites;

/// <summary>What a suite's parameter says about its work.</summary>
public interface IHasFlops
{
    /// <summary>Operations of one call, a multiply-add counted as two.</summary>
    double Flops { get; }
}
