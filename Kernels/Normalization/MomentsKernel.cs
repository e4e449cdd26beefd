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
            // The next segment, four vectors a step.
            float* ahead = item + 1 < to ? start + (rows * depth) : start;
            for (; c + (4 * V.Count) <= depth; c += 4 * V.Count, ahead += rows * 4 * V.Count)
                Four<V>(start + c, depth, rows, mean + c, squares + c, ahead);
            for (; c + V.Count <= depth; c += V.Count)
                One<V>(start + c, depth, rows, mean + c, squares + c);
            for (; c < depth; c++)
                One<Lanes1>(start + c, depth, rows, mean + c, squares + c);
        }
    }

    // Whole cache lines side by side: one vector after the other would go through them twice, and wait for each addition.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four<V>(float* x, nint depth, int rows, float* mean, float* squares, float* ahead) where V : unmanaged, ILanes<V>
    {
        V s0 = V.All(0), s1 = s0, s2 = s0, s3 = s0, count = V.All(rows);
        float* at = x;
        for (int i = 0; i < rows; i++, at += depth, ahead += 4 * V.Count)
        {
            SegmentAhead.Expect<V>(ahead);
            s0 = V.Add(s0, V.Load(at));
            s1 = V.Add(s1, V.Load(at + V.Count));
            s2 = V.Add(s2, V.Load(at + (2 * V.Count)));
            s3 = V.Add(s3, V.Load(at + (3 * V.Count)));
        }
        V m0 = V.Divide(s0, count), m1 = V.Divide(s1, count), m2 = V.Divide(s2, count), m3 = V.Divide(s3, count);
        s0 = s1 = s2 = s3 = V.All(0);
        at = x;
        for (int i = 0; i < rows; i++, at += depth)
        {
            V d0 = V.Subtract(V.Load(at), m0), d1 = V.Subtract(V.Load(at + V.Count), m1), d2 = V.Subtract(V.Load(at + (2 * V.Count)), m2), d3 = V.Subtract(V.Load(at + (3 * V.Count)), m3);
            s0 = V.MultiplyAdd(d0, d0, s0);
            s1 = V.MultiplyAdd(d1, d1, s1);
            s2 = V.MultiplyAdd(d2, d2, s2);
            s3 = V.MultiplyAdd(d3, d3, s3);
        }
        V.Store(m0, mean);
        V.Store(m1, mean + V.Count);
        V.Store(m2, mean + (2 * V.Count));
        V.Store(m3, mean + (3 * V.Count));
        V.Store(s0, squares);
        V.Store(s1, squares + V.Count);
        V.Store(s2, squares + (2 * V.Count));
        V.Store(s3, squares + (3 * V.Count));
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
