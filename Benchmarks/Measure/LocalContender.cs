using System.Diagnostics;

namespace NativeFree.Benchmarks;

/// <summary>Work done in this process.</summary>
internal sealed class LocalContender(string name, Action work) : IContender
{
    public string Name { get; } = name;

    public void WarmUp(CancellationToken cancel) => Run(1, cancel);

    public double[] Run(int times, CancellationToken cancel)
    {
        double[] milliseconds = new double[times];
        for (int i = 0; i < times; i++)
        {
            cancel.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            work();
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        return milliseconds;
    }
}
