using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>Σ g and Σ g·(x − mean) of each segment, per channel, g being gy behind the gate. An item is a segment; partial results are [segment][Σ g, Σ g·(x − mean)][C].</summary>
internal readonly unsafe struct ScaleGradientKernel<G>(Segments segments, float* x, float* gy, float* mean, G gate, float* partial) : IRangeKernel where G : struct, IGate
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = segments.Channels;
        for (int item = from; item < to; item++)
        {
            (long row, int rows) = segments[item];
            float* sum = partial + (2L * item * depth);
            nint c = 0;
            // The next segment, four vectors a step.
            long ahead = (row + rows) * depth;
            for (; c + (4 * V.Count) <= depth; c += 4 * V.Count, ahead += rows * 4L * V.Count)
                Four<V>(row * depth, depth, rows, c, sum + c, sum + depth + c, item + 1 < to ? ahead : row * depth);
            for (; c + V.Count <= depth; c += V.Count)
                One<V>(row * depth, depth, rows, c, sum + c, sum + depth + c);
            for (; c < depth; c++)
                One<Lanes1>(row * depth, depth, rows, c, sum + c, sum + depth + c);
        }
    }

    // Whole cache lines side by side: one vector after the other would go through them twice, and wait for each addition.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Four<V>(long at, nint depth, int rows, nint c, float* sum, float* product, long ahead) where V : unmanaged, ILanes<V>
    {
        // Copies: fields would be loaded again after every store of the gate's.
        G g = gate;
        float* source = x, arriving = gy;
        V m0 = V.Load(mean + c), m1 = V.Load(mean + c + V.Count), m2 = V.Load(mean + c + (2 * V.Count)), m3 = V.Load(mean + c + (3 * V.Count));
        V s0 = V.All(0), s1 = s0, s2 = s0, s3 = s0, p0 = s0, p1 = s0, p2 = s0, p3 = s0;
        at += c;
        for (int i = 0; i < rows; i++, at += depth, ahead += 4 * V.Count)
        {
            SegmentAhead.Expect<V>(source + ahead);
            SegmentAhead.Expect<V>(arriving + ahead);
            g.Expect<V>(ahead);
            Add(g, source, arriving, at, c, m0, ref s0, ref p0);
            Add(g, source, arriving, at + V.Count, c + V.Count, m1, ref s1, ref p1);
            Add(g, source, arriving, at + (2 * V.Count), c + (2 * V.Count), m2, ref s2, ref p2);
            Add(g, source, arriving, at + (3 * V.Count), c + (3 * V.Count), m3, ref s3, ref p3);
        }
        V.Store(s0, sum);
        V.Store(s1, sum + V.Count);
        V.Store(s2, sum + (2 * V.Count));
        V.Store(s3, sum + (3 * V.Count));
        V.Store(p0, product);
        V.Store(p1, product + V.Count);
        V.Store(p2, product + (2 * V.Count));
        V.Store(p3, product + (3 * V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void One<V>(long at, nint depth, int rows, nint c, float* sum, float* product) where V : unmanaged, ILanes<V>
    {
        G g = gate;
        float* source = x, arriving = gy;
        V m = V.Load(mean + c), s = V.All(0), p = V.All(0);
        at += c;
        for (int i = 0; i < rows; i++, at += depth)
            Add(g, source, arriving, at, c, m, ref s, ref p);
        V.Store(s, sum);
        V.Store(p, product);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<V>(G gate, float* x, float* gy, long at, nint c, V m, ref V sum, ref V product) where V : unmanaged, ILanes<V>
    {
        V centred = V.Subtract(V.Load(x + at), m), g = gate.Of(V.Load(gy + at), centred, c, at);
        sum = V.Add(sum, g);
        product = V.MultiplyAdd(g, centred, product);
    }
}

/// <summary>gx = a·g + (b·(x − mean) + d), row by row, g being gy behind the gate. An item is a segment of rows; gx may be gy.</summary>
internal readonly unsafe struct BatchGradientKernel<G>(Segments segments, float* x, float* gy, float* mean, G gate, float* a, float* b, float* d, float* gx) : IRangeKernel where G : struct, IGate
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = segments.Channels;
        // Copies: fields would be loaded again after every store.
        G g = gate;
        float* source = x, arriving = gy, means = mean, fa = a, fb = b, fd = d, destination = gx;
        for (int item = from; item < to; item++)
        {
            (long first, int rows) = segments[item];
            long at = first * depth;
            for (int row = 0; row < rows; row++, at += depth)
            {
                nint c = 0;
                for (; c + V.Count <= depth; c += V.Count)
                    One<V>(g, source, arriving, means, fa, fb, fd, destination, at + c, c);
                for (; c < depth; c++)
                    One<Lanes1>(g, source, arriving, means, fa, fb, fd, destination, at + c, c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<V>(G gate, float* x, float* gy, float* mean, float* a, float* b, float* d, float* gx, long at, nint c) where V : unmanaged, ILanes<V>
    {
        V centred = V.Subtract(V.Load(x + at), V.Load(mean + c)), g = gate.Of(V.Load(gy + at), centred, c, at);
        V.Store(V.MultiplyAdd(V.Load(a + c), g, V.MultiplyAdd(V.Load(b + c), centred, V.Load(d + c))), gx + at);
    }
}
