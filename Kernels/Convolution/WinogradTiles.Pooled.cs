using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// Max pooling 2×2 with stride 2 in the tiles' last step: the four windows of a tile lie in its registers, so that the convolution's own result is neither written nor read. The values are those of the pooling
/// behind the convolution, to the bit: the same order within a window, the same rule for NaN.
/// </summary>
internal readonly unsafe partial struct WinogradTiles
{
    private const int Window = 2;

    /// <summary>Whether tiles hold whole windows, each with a pixel at least: a last window may hang over the edge, as it does when the pooling covers all.</summary>
    public static bool Pools(PoolingGeometry window) =>
        window is { KernelHeight: Window, KernelWidth: Window, StrideY: Window, StrideX: Window, PadTop: 0, PadLeft: 0 } &&
        (window.OutHeight - 1) * Window < window.InHeight && (window.OutWidth - 1) * Window < window.InWidth;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pooled<V>(float* m, nint plane, int from, int to, float* y, int pixel, float* bias, float* addend, int addendPixel, float lower) where V : unmanaged, ILanes<V>
    {
        int columns = g.OutChannels, wide = Wide, high = High, poolHigh = window!.OutHeight, poolWide = window.OutWidth;
        float* half = stackalloc float[Out * In * Lanes];
        V floor = V.All(lower);
        for (int tile = from; tile < to; tile++, m += columns)
        {
            int image = tile / (wide * high), row = tile / wide % high * Out, column = tile % wide * Out;
            int places = g.OutWidth - column, windowRow = row / Window, windowColumn = column / Window;
            // A last row or column that no window holds is not looked at.
            int windowRows = Math.Min(Out / Window, poolHigh - windowRow), windowPlaces = Math.Min(Out / Window, poolWide - windowColumn);
            if (windowRows <= 0 || windowPlaces <= 0)
                continue;
            long corner = ((((long)image * g.OutHeight) + row) * g.OutWidth) + column, target = ((((long)image * poolHigh) + windowRow) * poolWide) + windowColumn;
            for (int c = 0; c < columns; c += V.Count)
            {
                Halve<V, FourResults<V>>(m + c, plane, half);
                V b = V.Load(bias + c);
                for (int i = 0; i < windowRows; i++)
                {
                    float* line = half + (i * Window * In * V.Count);
                    float* added = addend == null ? null : addend + ((corner + ((long)i * Window * g.OutWidth)) * addendPixel) + c;
                    Row(line, b, added, addendPixel, floor, places, out V a0, out V a1, out V a2, out V a3);
                    V left = MaxPoolingKernel.Larger(a0, a1), right = MaxPoolingKernel.Larger(a2, a3);
                    if (row + (i * Window) + 1 < g.OutHeight)
                    {
                        Row(line + (In * V.Count), b, added == null ? null : added + ((long)g.OutWidth * addendPixel), addendPixel, floor, places, out a0, out a1, out a2, out a3);
                        left = MaxPoolingKernel.Larger(MaxPoolingKernel.Larger(left, a0), a1);
                        right = MaxPoolingKernel.Larger(MaxPoolingKernel.Larger(right, a2), a3);
                    }
                    float* result = y + ((target + ((long)i * poolWide)) * pixel) + c;
                    V.Store(left, result);
                    if (windowPlaces > 1)
                        V.Store(right, result + pixel);
                }
            }
        }
    }

    /// <summary>Four finished results beside each other. Where a window's second does not exist the first stands for it, which changes no maximum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<V>(float* half, V bias, float* added, int addendPixel, V floor, int places, out V o0, out V o1, out V o2, out V o3) where V : unmanaged, ILanes<V>
    {
        FourResults<V>.Output(half, V.Count, out o0, out o1, out o2, out o3);
        o0 = Finished(o0, bias, added, floor);
        o1 = places > 1 ? Finished(o1, bias, added == null ? null : added + addendPixel, floor) : o0;
        o2 = Finished(o2, bias, added == null || places < 3 ? null : added + (2 * addendPixel), floor);
        o3 = places > 3 ? Finished(o3, bias, added == null ? null : added + (3 * addendPixel), floor) : o2;
    }
}
