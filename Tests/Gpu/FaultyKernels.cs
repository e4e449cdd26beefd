using ILGPU;
using NativeFree.Gpu;

namespace NativeFree.Tests.Gpu;

/// <summary>Kernels with one mistake each, for the emulator to find. The tests name these lines: <c>FaultTests</c> looks them up by their comments.</summary>
internal static class FaultyKernels
{
    [Kernel(8)]
    internal static void NoBarrier(ArrayView<float> x, ArrayView<float> y)
    {
        ArrayView<float> tile = SharedMemory.Allocate<float>(8);
        tile[Group.IdxX] = 0;
        Group.Barrier();
        tile[Group.IdxX] = x[Group.IdxX]; // writes
        y[Group.IdxX] = tile[7 - Group.IdxX]; // reads
    }

    [Kernel(8)]
    internal static void NoBarrierBeforeOverwriting(ArrayView<float> x, ArrayView<float> y)
    {
        ArrayView<float> tile = SharedMemory.Allocate<float>(8);
        for (int k = 0; k < 2; k++)
        {
            tile[Group.IdxX] = x[Group.IdxX] + k; // overwrites
            Group.Barrier();
            y[Group.IdxX] = tile[7 - Group.IdxX]; // still reads
        }
    }

    [Kernel(8)]
    internal static void TwoGroupsOneElement(ArrayView<float> x, ArrayView<float> y)
    {
        if (Group.IdxX == 0)
            y[0] = x[Grid.IdxX]; // both groups
    }

    [Kernel(8)]
    internal static void OneGroupReadsAnothers(ArrayView<float> x, ArrayView<float> y)
    {
        y[(Grid.IdxX * 8) + Group.IdxX] = x[Group.IdxX]; // its own
        if (Grid.IdxX == 1)
            y[8 + Group.IdxX] += y[Group.IdxX]; // another's
    }

    [Kernel(8)]
    internal static void PastTheEnd(ArrayView<float> x, ArrayView<float> y) =>
        y[Group.IdxX + 1] = x[Group.IdxX]; // past the end

    [Kernel(8)]
    internal static void NeverWritten(ArrayView<float> x, ArrayView<float> y)
    {
        ArrayView<float> tile = SharedMemory.Allocate<float>(9);
        tile[Group.IdxX] = x[Group.IdxX];
        Group.Barrier();
        y[Group.IdxX] = tile[Group.IdxX + 1]; // the ninth
    }

    [Kernel(8)]
    internal static void AtomicAndPlain(ArrayView<int> x, ArrayView<int> y)
    {
        Atomic.Add(ref y[0], x[Group.IdxX]); // atomic
        if (Group.IdxX == 3)
            y[0] = 0; // plain
    }

    [Kernel(8)]
    internal static void CutTooLong(ArrayView<float> x, ArrayView<float> y) => y[Group.IdxX] = x.SubView(4, 5)[0];
}
