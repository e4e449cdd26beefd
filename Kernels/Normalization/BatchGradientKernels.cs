using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>Σ gy and Σ gy·(x − mean) of each segment, per channel. An item is a segment; partial results are [segment][Σ gy, Σ gy·(x − mean)][C].</summary>
internal readonly unsafe struct ScaleGradientKernel(Segments segments, float* x, float* gy, float* mean, float* partial) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = segments.Channels;
        for (int item = from; item < to; item++)
        {
            (long row, int rows) = segments[item];
            float* a = x + (row * depth), g = gy + (row * depth), sum = partial + (2L * item * depth), product = sum + depth;
            nint c = 0;
            for (; c + V.Count <= depth; c += V.Count)
                One<V>(a + c, g + c, depth, rows, V.Load(mean + c), sum + c, product + c);
            for (; c < depth; c++)
                One(a + c, g + c, depth, rows, Lanes1.Load(mean + c), sum + c, product + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<V>(float* x, float* gy, nint depth, int rows, V mean, float* sum, float* product) where V : unmanaged, ILanes<V>
    {
        V s = V.All(0), p = V.All(0);
        for (int i = 0; i < rows; i++, x += depth, gy += depth)
        {
            V g = V.Load(gy);
            s = V.Add(s, g);
            p = V.MultiplyAdd(g, V.Subtract(V.Load(x), mean), p);
        }
        V.Store(s, sum);
        V.Store(p, product);
    }

    /// <summary>Adds the segments in their order, in double.</summary>
    public static void Merge(Segments segments, float* partial, float* variance, float epsilon, float* ggamma, float* gbeta)
    {
        int depth = segments.Channels;
        for (int c = 0; c < depth; c++)
        {
            double sum = 0, product = 0;
            for (int s = 0; s < segments.Count; s++)
            {
                float* at = partial + (2L * s * depth) + c;
                sum += at[0];
                product += at[depth];
            }
            gbeta[c] = (float)sum;
            ggamma[c] = (float)(product / Math.Sqrt((double)variance[c] + epsilon));
        }
    }
}

/// <summary>gx = a·gy + (b·(x − mean) + d), row by row. An item is a segment of rows.</summary>
internal readonly unsafe struct BatchGradientKernel(Segments segments, float* x, float* gy, float* mean, float* a, float* b, float* d, float* gx) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = segments.Channels;
        for (int item = from; item < to; item++)
        {
            (long first, int rows) = segments[item];
            float* source = x + (first * depth), g = gy + (first * depth), destination = gx + (first * depth);
            for (int row = 0; row < rows; row++, source += depth, g += depth, destination += depth)
            {
                nint c = 0;
                for (; c + V.Count <= depth; c += V.Count)
                    V.Store(One(V.Load(source + c), V.Load(g + c), V.Load(mean + c), V.Load(a + c), V.Load(b + c), V.Load(d + c)), destination + c);
                for (; c < depth; c++)
                    Lanes1.Store(One(Lanes1.Load(source + c), Lanes1.Load(g + c), Lanes1.Load(mean + c), Lanes1.Load(a + c), Lanes1.Load(b + c), Lanes1.Load(d + c)), destination + c);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V One<V>(V x, V gy, V mean, V a, V b, V d) where V : unmanaged, ILanes<V> => V.MultiplyAdd(a, gy, V.MultiplyAdd(b, V.Subtract(x, mean), d));
}
