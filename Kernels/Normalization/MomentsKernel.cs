using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// Mean and squared deviations of each segment, per channel: its own mean first, then the squares of the deviations from that, while the segment is in the cache. An item is a segment; partial results are
/// [segment][mean, squares][C].
/// </summary>
internal readonly unsafe struct MomentsKernel(Segments segments, float* x, float* partial) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = segments.Channels;
        for (int item = from; item < to; item++)
        {
            (long row, int rows) = segments[item];
            float* start = x + (row * depth), mean = partial + (2L * item * depth), squares = mean + depth;
            nint c = 0;
            for (; c + V.Count <= depth; c += V.Count)
                One<V>(start + c, depth, rows, mean + c, squares + c);
            for (; c < depth; c++)
                One<Lanes1>(start + c, depth, rows, mean + c, squares + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<V>(float* x, nint depth, int rows, float* mean, float* squares) where V : unmanaged, ILanes<V>
    {
        // Two sums side by side hide half of the addition's latency.
        V even = V.All(0), odd = V.All(0);
        float* at = x;
        int i = 0;
        for (; i + 1 < rows; i += 2, at += 2 * depth)
        {
            even = V.Add(even, V.Load(at));
            odd = V.Add(odd, V.Load(at + depth));
        }
        if (i < rows)
            even = V.Add(even, V.Load(at));
        V m = V.Divide(V.Add(even, odd), V.All(rows));
        even = V.All(0);
        odd = V.All(0);
        at = x;
        i = 0;
        for (; i + 1 < rows; i += 2, at += 2 * depth)
        {
            V d = V.Subtract(V.Load(at), m), e = V.Subtract(V.Load(at + depth), m);
            even = V.MultiplyAdd(d, d, even);
            odd = V.MultiplyAdd(e, e, odd);
        }
        if (i < rows)
        {
            V d = V.Subtract(V.Load(at), m);
            even = V.MultiplyAdd(d, d, even);
        }
        V.Store(m, mean);
        V.Store(V.Add(even, odd), squares);
    }
}
