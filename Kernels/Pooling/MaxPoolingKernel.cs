using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

// An item is a pixel of the written side. Channels are the vector axis: a block of channels stays in a register while the window is walked in row-major order.

/// <summary>The largest value under each window.</summary>
internal readonly unsafe struct MaxPoolingKernel(WindowAxis rows, WindowAxis columns, int channels, float* x, float* y) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = channels, row = (nint)columns.In * channels;
        for (int item = from; item < to; item++)
        {
            (int np, int q) = Math.DivRem(item, columns.Out);
            (int n, int p) = Math.DivRem(np, rows.Out);
            (_, int top, int bottom) = rows.Pixels(p);
            (_, int left, int right) = columns.Pixels(q);
            float* window = x + (((nint)n * rows.In) + top) * row + (left * depth);
            float* to0 = y + (item * depth);
            nint c = 0;
            for (; c + V.Count <= depth; c += V.Count)
                V.Store(Largest<V>(window + c, row, depth, bottom - top, right - left), to0 + c);
            for (; c < depth; c++)
                Lanes1.Store(Largest<Lanes1>(window + c, row, depth, bottom - top, right - left), to0 + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Largest<V>(float* window, nint row, nint depth, int height, int width) where V : unmanaged, ILanes<V>
    {
        V best = V.All(float.NegativeInfinity);
        for (int r = 0; r < height; r++, window += row)
        {
            float* at = window;
            for (int s = 0; s < width; s++, at += depth)
                best = Larger(best, V.Load(at));
        }
        return best;
    }

    /// <summary>The larger of two values of a window, in the order in which it is walked; NaN where either is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Larger<V>(V best, V value) where V : unmanaged, ILanes<V> =>
        // Max gives its second operand where either is NaN: a NaN value wins; the selection keeps a NaN that won before.
        V.IfEqual(best, best, V.Max(best, value), best);
}

/// <summary>The largest value under each window and which element it was.</summary>
internal readonly unsafe struct MaxArgumentKernel(WindowAxis rows, WindowAxis columns, int channels, float* x, float* y, float* argument) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = channels, row = (nint)columns.In * channels;
        for (int item = from; item < to; item++)
        {
            (int np, int q) = Math.DivRem(item, columns.Out);
            (int n, int p) = Math.DivRem(np, rows.Out);
            (int startY, int top, int bottom) = rows.Pixels(p);
            (int startX, int left, int right) = columns.Pixels(q);
            float* window = x + (((nint)n * rows.In) + top) * row + (left * depth);
            int first = ((top - startY) * columns.Kernel) + left - startX;
            nint at = item * depth, c = 0;
            for (; c + V.Count <= depth; c += V.Count)
                Largest<V>(window + c, row, depth, bottom - top, right - left, first, columns.Kernel, y + at + c, argument + at + c);
            for (; c < depth; c++)
                Largest<Lanes1>(window + c, row, depth, bottom - top, right - left, first, columns.Kernel, y + at + c, argument + at + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Largest<V>(float* window, nint row, nint depth, int height, int width, int first, int kernelWidth, float* y, float* argument) where V : unmanaged, ILanes<V>
    {
        V best = V.All(float.NegativeInfinity), where = V.All(-1);
        for (int r = 0; r < height; r++, window += row)
        {
            float* at = window;
            for (int s = 0; s < width; s++, at += depth)
            {
                V value = V.Load(at), here = V.All(first + (r * kernelWidth) + s);
                // Taken where greater; where it is NaN and the best is not; and where nothing has been taken yet, since −∞ is a value too.
                V candidate = V.IfGreater(value, best, here, V.IfEqual(value, value, where, V.IfEqual(best, best, here, where)));
                where = V.IfGreater(V.All(0), where, here, candidate);
                best = MaxPoolingKernel.Larger(best, value);
            }
        }
        V.Store(best, y);
        V.Store(where, argument);
    }
}

/// <summary>The gradient of each pixel: gathered from the windows that hold it, in their row-major order.</summary>
internal readonly unsafe struct MaxGradientKernel(WindowAxis rows, WindowAxis columns, int channels, float* argument, float* gy, float* gx) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = channels;
        for (int item = from; item < to; item++)
        {
            (int nh, int w) = Math.DivRem(item, columns.In);
            (int n, int h) = Math.DivRem(nh, rows.In);
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
        (int pFrom, int pTo) = rows.Windows(h);
        (int qFrom, int qTo) = columns.Windows(w);
        V sum = V.All(0);
        for (int p = pFrom; p < pTo; p++)
        {
            int tapY = h - rows.Pixels(p).Start;
            for (int q = qFrom; q < qTo; q++)
            {
                int tap = (tapY * columns.Kernel) + w - columns.Pixels(q).Start;
                nint at = ((((nint)n * rows.Out) + p) * columns.Out + q) * channels + c;
                sum = V.Add(sum, V.IfEqual(V.Load(argument + at), V.All(tap), V.Load(gy + at), V.All(0)));
            }
        }
        return sum;
    }
}
