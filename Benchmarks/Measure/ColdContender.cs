using System.Diagnostics;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>Work done in this process whose weights were not read for a while: before each run, untimed, other memory passes through the caches and then the input is read, as the layer before would have left it.</summary>
internal sealed class ColdContender(string name, CpuDevice device, Tensor input, Action work) : IContender
{
    // 64 MB: more than the last cache that a few cores share on most processors.
    private const int OtherFloats = 16 << 20;

    private static readonly float[] Other = new float[OtherFloats];
    private float seen;

    public string Name { get; } = name;

    public void WarmUp(CancellationToken cancel) => Run(1, cancel);

    public double[] Run(int times, CancellationToken cancel)
    {
        double[] milliseconds = new double[times];
        for (int i = 0; i < times; i++)
        {
            cancel.ThrowIfCancellationRequested();
            for (int at = 0; at < Other.Length; at += 16)
                Other[at]++;
            // Wakes the helping threads as well.
            int part = checked((int)((input.Count + device.Threads - 1) / device.Threads));
            device.Crew.For(checked((int)input.Count), part, Read);
            long start = Stopwatch.GetTimestamp();
            work();
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        return milliseconds;
    }

    private void Read(int from, int to)
    {
        float sum = 0;
        foreach (float value in input.Span[from..to])
            sum += value;
        Volatile.Write(ref seen, sum);
    }
}
