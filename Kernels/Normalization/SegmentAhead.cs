using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NativeFree.Kernels;

/// <summary>
/// Sums over a segment's rows go down a few channels at a time, which the processor does not read ahead; so each step asks for as much of the next segment, in the order of memory, and finds its own in L2.
/// </summary>
internal static unsafe class SegmentAhead
{
    // Floats in a cache line.
    private const int Line = 16;

    /// <summary>Asks for four vectors from <paramref name="p"/> on; there need not be so many.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Expect<V>(float* p) where V : unmanaged, ILanes<V>
    {
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch1(p);
        if (4 * V.Count > Line)
            Sse.Prefetch1(p + Line);
        if (4 * V.Count > 2 * Line)
        {
            Sse.Prefetch1(p + (2 * Line));
            Sse.Prefetch1(p + (3 * Line));
        }
    }
}
