using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>A piece of work whose operands lie on a device, and what it has to compute.</summary>
/// <param name="Run">Queues the work once.</param>
/// <param name="Results">All that it writes.</param>
internal sealed record GpuTask(Action Run, params IReadOnlyList<DueResult> Results)
{
    /// <summary>Runs the work once and compares places of each result, 40 from its first to its last, with the definition. A place that nothing was written to fails wherever it lies.</summary>
    /// <param name="work">For the message.</param>
    /// <exception cref="BenchmarkException">A compared value is off by more than 2e-5 of the largest, or any is no finite number.</exception>
    public void Check(string work)
    {
        foreach (DueResult result in Results)
        {
            if (!result.IsChangedInPlace)
                result.Tensor.Fill(float.NaN);
        }
        Run();
        foreach (DueResult result in Results)
            Agreement.Check(work, result.Tensor.ToArray(), Values.Sample(result.Tensor.Count), result.At);
    }
}

/// <summary>A tensor that work writes, and the values due there.</summary>
/// <param name="Tensor">On the device.</param>
/// <param name="At">The definition in double precision: the value at a flat index after one run.</param>
/// <param name="IsChangedInPlace">Whether the work reads it first.</param>
internal sealed record DueResult(Tensor Tensor, Func<int, double> At, bool IsChangedInPlace = false);
