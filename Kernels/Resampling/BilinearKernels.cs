using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>Each pixel of y from four of x: across first, then down. An item is a pixel of y.</summary>
internal readonly unsafe struct BilinearKernel(BilinearAxis rows, BilinearAxis columns, int channels, float* x, float* y) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = channels, row = (nint)columns.FirstUse.Length * depth;
        for (int item = from; item < to; item++)
        {
            (int np, int q) = Math.DivRem(item, columns.Lower.Length);
            (int n, int p) = Math.DivRem(np, rows.Lower.Length);
            float* image = x + ((nint)n * rows.FirstUse.Length * row), to0 = y + (item * depth);
            float* upper = image + (rows.Lower[p] * row), lower = image + (rows.Upper[p] * row);
            nint left = columns.Lower[q] * depth, right = columns.Upper[q] * depth;
            float down = rows.Weight[p], across = columns.Weight[q];
            nint c = 0;
            for (; c + V.Count <= depth; c += V.Count)
                V.Store(Mix(Mix(V.Load(upper + left + c), V.Load(upper + right + c), across), Mix(V.Load(lower + left + c), V.Load(lower + right + c), across), down), to0 + c);
            for (; c < depth; c++)
                Lanes1.Store(Mix(Mix(Lanes1.Load(upper + left + c), Lanes1.Load(upper + right + c), across), Mix(Lanes1.Load(lower + left + c), Lanes1.Load(lower + right + c), across), down), to0 + c);
        }
    }

    /// <summary>a·(1 − weight) + b·weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Mix<V>(V a, V b, float weight) where V : unmanaged, ILanes<V> => V.MultiplyAdd(V.All(weight), b, V.Multiply(V.All(1 - weight), a));
}

/// <summary>Each pixel of gx from the pixels of gy that read it, in row-major order. An item is a pixel of gx.</summary>
internal readonly unsafe struct BilinearGradientKernel(BilinearAxis rows, BilinearAxis columns, int channels, float* gy, float* gx) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = channels;
        for (int item = from; item < to; item++)
        {
            (int nh, int w) = Math.DivRem(item, columns.FirstUse.Length);
            (int n, int h) = Math.DivRem(nh, rows.FirstUse.Length);
            nint c = 0;
            for (; c + V.Count <= depth; c += V.Count)
                V.Store(Gather<V>(n, h, w, c), gx + (item * depth) + c);
            for (; c < depth; c++)
                Lanes1.Store(Gather<Lanes1>(n, h, w, c), gx + (item * depth) + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Gather<V>(int n, int h, int w, nint c) where V : unmanaged, ILanes<V>
    {
        V sum = V.All(0);
        for (int p = rows.FirstUse[h]; p < rows.EndUse[h]; p++)
        {
            float down = rows.WeightOf(p, h);
            for (int q = columns.FirstUse[w]; q < columns.EndUse[w]; q++)
            {
                nint at = ((((nint)n * rows.Lower.Length) + p) * columns.Lower.Length + q) * channels + c;
                sum = V.MultiplyAdd(V.All(down * columns.WeightOf(q, w)), V.Load(gy + at), sum);
            }
        }
        return sum;
    }
}
