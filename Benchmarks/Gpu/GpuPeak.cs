using System.Diagnostics;
using ILGPU;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>What a device reaches at best, measured on it: multiplications with additions in registers, and a copy of a large array.</summary>
/// <param name="Gflops">10⁹ multiplications and additions a second.</param>
/// <param name="Gigabytes">10⁹ bytes a second, read and written.</param>
internal sealed record GpuPeak(double Gflops, double Gigabytes)
{
    private const int Rounds = 5;

    // 64 MiB: beyond any cache.
    private const int CopyFloats = 16 << 20;

    public static GpuPeak Measure(GpuDevice device)
    {
        bool emulated = device.Kind == DeviceKind.Emulator;
        int groups = emulated ? 2 : device.IsProcessor ? 4 * Environment.ProcessorCount : 4096;
        int steps = emulated ? 64 : device.IsProcessor ? 1 << 18 : 4096;
        int items = device.IsProcessor ? DeviceLanes.Count : PeakKernels.Group, chains = device.IsProcessor ? PeakKernels.LaneChains : PeakKernels.ItemChains;
        using var scope = new Scope();
        var y = new Tensor(device, new Shape(groups * items));
        double multiply = Best(device, () =>
        {
            // A factor below 1 keeps the chains finite.
            if (device.IsProcessor)
                PeakLaunch.Lanes(device.Stream, new Index3D(groups, 1, 1), device.View(y), 1, 0.5f, steps);
            else
                PeakLaunch.Items(device.Stream, new Index3D(groups, 1, 1), device.View(y), 1, 0.5f, steps);
        });
        int copied = emulated ? 1 << 14 : CopyFloats;
        Tensor from = Tensor.Filled(device, new Shape(copied), 1), to = new(device, new Shape(copied));
        double copy = Best(device, () => device.Elementwise.Scale(1, from, to));
        return new GpuPeak(2.0 * groups * items * chains * steps / multiply * 1e-6, 2.0 * sizeof(float) * copied / copy * 1e-6);
    }

    /// <summary>Milliseconds of the fastest of several runs, the first left out.</summary>
    private static double Best(GpuDevice device, Action work)
    {
        double best = double.PositiveInfinity;
        for (int round = 0; round <= Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            work();
            device.Synchronize();
            if (round > 0)
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        return best;
    }
}
