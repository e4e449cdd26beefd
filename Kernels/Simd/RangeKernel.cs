namespace NativeFree.Kernels;

/// <summary>Work over a range of items, written once for every vector width.</summary>
internal interface IRangeKernel
{
    /// <summary>Does the items <paramref name="from"/> ≤ i &lt; <paramref name="to"/>. Which range an item falls into never changes its result.</summary>
    void Run<V>(int from, int to) where V : unmanaged, ILanes<V>;
}

/// <summary>Runs range kernels with the processor's vector width on the crew's threads: the one place where both are chosen.</summary>
internal static class RangeKernel
{
    // Below about this many floats a thread needs less time for the work than for being woken.
    private const int SmallestPiece = 16384;

    /// <summary>All items of <paramref name="kernel"/>; <paramref name="cost"/> is the number of floats one item touches, from which the pieces' length follows.</summary>
    public static void Run<K>(this WorkCrew crew, int items, long cost, K kernel) where K : struct, IRangeKernel
    {
        long atLeast = (SmallestPiece + Math.Max(cost, 1) - 1) / Math.Max(cost, 1);
        int chunk = (int)Math.Min(Math.Max(crew.Grain(items), atLeast), int.MaxValue);
        switch (SimdWidth.Bits)
        {
            case 512:
                crew.For(items, chunk, kernel.Run<Lanes512>);
                break;
            case 256:
                crew.For(items, chunk, kernel.Run<Lanes256>);
                break;
            default:
                crew.For(items, chunk, kernel.Run<Lanes128>);
                break;
        }
    }
}
