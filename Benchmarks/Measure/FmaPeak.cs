using System.Diagnostics;
using System.Runtime.CompilerServices;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>
/// The fused multiply-adds that the machine gives to all threads of a device when nothing is loaded or stored: 12 independent chains of the widest vectors, more than latency times units on any current processor
/// (4 cycles · 2 units). It is the bar that "percent of peak" refers to; it moves with the clock, so it is measured again beside each series.
/// </summary>
internal static unsafe class FmaPeak
{
    private const int Chains = 12;

    // A slot is shorter than a scheduler's tick, so that even on a busy machine some slots are undisturbed; there are enough of them for the clock to settle.
    private const int Steps = 100_000;
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(200);

    /// <summary>GFLOP/s, a multiply-add counted as two operations: all threads work at once, each thread's best slot counts, and the threads are summed up.</summary>
    public static double Measure(CpuDevice device)
    {
        double[] best = new double[device.Threads];
        // One long chunk a thread.
        device.Crew.For(device.Threads, 1, (from, to) =>
        {
            for (int thread = from; thread < to; thread++)
                best[thread] = BestSlot();
        });
        return best.Sum();
    }

    private static double BestSlot()
    {
        double best = 0;
        long begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < Duration)
        {
            long start = Stopwatch.GetTimestamp();
            Chain();
            best = Math.Max(best, 2.0 * Chains * Steps * (SimdWidth.Bits / 32) / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9);
        }
        return best;
    }

    private static void Chain()
    {
        float* result = stackalloc float[16];
        switch (SimdWidth.Bits)
        {
            case 512:
                Chain<Lanes512>(result);
                break;
            case 256:
                Chain<Lanes256>(result);
                break;
            default:
                Chain<Lanes128>(result);
                break;
        }
    }

    // cᵢ ← cᵢ·p + q with p a little below 1: the values stay normal numbers however long it runs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Chain<V>(float* result) where V : unmanaged, ILanes<V>
    {
        V p = V.All(0.999f), q = V.All(0.001f);
        V c0 = V.All(0), c1 = V.All(1), c2 = V.All(2), c3 = V.All(3), c4 = V.All(4), c5 = V.All(5);
        V c6 = V.All(6), c7 = V.All(7), c8 = V.All(8), c9 = V.All(9), c10 = V.All(10), c11 = V.All(11);
        for (int i = 0; i < Steps; i++)
        {
            c0 = V.MultiplyAdd(c0, p, q);
            c1 = V.MultiplyAdd(c1, p, q);
            c2 = V.MultiplyAdd(c2, p, q);
            c3 = V.MultiplyAdd(c3, p, q);
            c4 = V.MultiplyAdd(c4, p, q);
            c5 = V.MultiplyAdd(c5, p, q);
            c6 = V.MultiplyAdd(c6, p, q);
            c7 = V.MultiplyAdd(c7, p, q);
            c8 = V.MultiplyAdd(c8, p, q);
            c9 = V.MultiplyAdd(c9, p, q);
            c10 = V.MultiplyAdd(c10, p, q);
            c11 = V.MultiplyAdd(c11, p, q);
        }
        V low = V.Add(V.Add(V.Add(c0, c1), V.Add(c2, c3)), V.Add(c4, c5)), high = V.Add(V.Add(V.Add(c6, c7), V.Add(c8, c9)), V.Add(c10, c11));
        V.Store(V.Add(low, high), result);
    }
}
