// What a device can multiply and add at best, to measure the other kernels against: independent chains of value = x + factor · value in registers, nothing read, one value written at the end.
// Lanes is for a driver that runs work-items on a processor (12 chains of 16 lanes a work-item), Items for a GPU (8 chains a work-item). 2 operations a link of a chain and lane.
using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Kernels;

internal static class PeakKernels
{
    // A multiplication takes 4 cycles, and two begin in each: 8 chains at least; 12 leave room for 512-bit registers cut in two.
    public const int LaneChains = 12;

    // A GPU hides latency with other work-items; chains fill what is left.
    public const int ItemChains = 8;

    public const int Group = 256;

    [Kernel(1)]
    internal static void Lanes(ArrayView<float> y, float x, float factor, int steps)
    {
        ArrayView<DeviceLanes> chains = LocalMemory.Allocate<DeviceLanes>(LaneChains);
        DeviceLanes start = DeviceLanes.Of(x);
        for (int i = Unroll.From(0); i < LaneChains; i++)
            chains[i] = DeviceLanes.Of(x + i);
        for (int step = 0; step < steps; step++)
        {
            for (int i = Unroll.From(0); i < LaneChains; i++)
                chains[i] = DeviceLanes.MultiplyAdd(start, factor, chains[i]);
        }
        DeviceLanes sum = chains[0];
        for (int i = Unroll.From(1); i < LaneChains; i++)
            sum = DeviceLanes.Add(sum, chains[i]);
        DeviceLanes.Store(y, (long)Grid.IdxX * DeviceLanes.Count, sum);
    }

    [Kernel(Group)]
    internal static void Items(ArrayView<float> y, float x, float factor, int steps)
    {
        ArrayView<float> chains = LocalMemory.Allocate<float>(ItemChains);
        for (int i = Unroll.From(0); i < ItemChains; i++)
            chains[i] = x + i;
        for (int step = 0; step < steps; step++)
        {
            for (int i = Unroll.From(0); i < ItemChains; i++)
                chains[i] = x + (factor * chains[i]);
        }
        float sum = 0;
        for (int i = Unroll.From(0); i < ItemChains; i++)
            sum += chains[i];
        y[((long)Grid.IdxX * Group) + ILGPU.Group.IdxX] = sum;
    }
}
