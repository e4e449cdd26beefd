using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// Sums under windows, divided. An item is a slice of the channels of one pixel of y. Each window row is summed on its own first, which keeps the rounding of large windows small.
/// </summary>
internal readonly unsafe struct AveragePoolingKernel(WindowAxis rows, WindowAxis columns, int channels, int slices, PoolingDivisor divisor, float* x, float* y) : IRangeKernel
{
    /// <summary>Channels in a slice: four 512-bit vectors.</summary>
    public const int Slice = 64;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = channels, row = (nint)columns.In * channels;
        for (int item = from; item < to; item++)
        {
            (int pixel, int slice) = Math.DivRem(item, slices);
            (int np, int q) = Math.DivRem(pixel, columns.Out);
            (int n, int p) = Math.DivRem(np, rows.Out);
            (_, int top, int bottom) = rows.Pixels(p);
            (_, int left, int right) = columns.Pixels(q);
            float* window = x + (((nint)n * rows.In) + top) * row + (left * depth);
            float* to0 = y + (pixel * depth);
            int height = Math.Max(bottom - top, 0), width = Math.Max(right - left, 0);
            float scale = Scale(divisor, rows.Kernel * columns.Kernel, height * width);
            nint c = slices == 1 ? 0 : slice * Slice, end = slices == 1 ? depth : Math.Min(c + Slice, depth);
            for (; c + V.Count <= end; c += V.Count)
                V.Store(V.Multiply(V.All(scale), Sum<V>(window + c, row, depth, height, width)), to0 + c);
            for (; c < end; c++)
                Lanes1.Store(Lanes1.Multiply(Lanes1.All(scale), Sum<Lanes1>(window + c, row, depth, height, width)), to0 + c);
        }
    }

    /// <summary>1 / divisor; 0 for a window without a pixel.</summary>
    public static float Scale(PoolingDivisor divisor, int window, int real) => divisor switch
    {
        PoolingDivisor.Window => 1f / window,
        PoolingDivisor.RealPixels => real == 0 ? 0 : 1f / real,
        _ => 1,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Sum<V>(float* window, nint row, nint depth, int height, int width) where V : unmanaged, ILanes<V>
    {
        V sum = V.All(0);
        for (int r = 0; r < height; r++, window += row)
        {
            V line = V.All(0);
            float* at = window;
            for (int s = 0; s < width; s++, at += depth)
                line = V.Add(line, V.Load(at));
            sum = V.Add(sum, line);
        }
        return sum;
    }
}

/// <summary>The gradient of each pixel of x: gathered from the windows that hold it, in their row-major order.</summary>
internal readonly unsafe struct AverageGradientKernel(WindowAxis rows, WindowAxis columns, int channels, PoolingDivisor divisor, float* gy, float* gx) : IRangeKernel
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
            (_, int top, int bottom) = rows.Pixels(p);
            for (int q = qFrom; q < qTo; q++)
            {
                (_, int left, int right) = columns.Pixels(q);
                float scale = AveragePoolingKernel.Scale(divisor, rows.Kernel * columns.Kernel, (bottom - top) * (right - left));
                nint at = ((((nint)n * rows.Out) + p) * columns.Out + q) * channels + c;
                sum = V.MultiplyAdd(V.All(scale), V.Load(gy + at), sum);
            }
        }
        return sum;
    }
}
