using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// Transformed 3×3 filters: U = G·w·Gᵀ as 36 matrices, 16 for tiles of 2×2, packed for the tile as [point][panel][in][width]. The input gradient is the convolution of what arrives with the filter turned by 180° and its
/// channels exchanged; <see cref="Mirrored"/> transforms that one.
/// </summary>
internal static unsafe class WinogradFilter
{
    private const int Taps = 9;
    private const int Edge = 3;

    // Channels of either side that are turned at a time: a square of a widest vector.
    private const int Square = 16;

    /// <summary>U of w [3][3][channels][columns] into <paramref name="u"/>.</summary>
    public static void Transform<V, T>(WorkCrew crew, float* w, int channels, int columns, float* u) where V : unmanaged, ILanes<V> where T : struct, IWinogradTransforms<V> =>
        crew.For(channels, crew.Grain(channels), (from, to) =>
        {
            for (int c = from; c < to; c++)
            {
                for (int o = 0; o < columns; o += V.Count)
                    Transform<V, T>(w + ((long)c * columns) + o, (nint)channels * columns, Place(u, channels, columns, c, o), (nint)channels * columns);
            }
        });

    /// <summary>U of the mirrored filter: w is [3][3][columns][channels].</summary>
    public static void Mirrored<V>(WorkCrew crew, float* w, int channels, int columns, float* u) where V : unmanaged, ILanes<V> =>
        crew.For((channels + Square - 1) / Square, 1, (from, to) =>
        {
            float* turned = stackalloc float[Taps * Square * Square];
            for (int c0 = from * Square; c0 < Math.Min(to * Square, channels); c0 += Square)
            {
                int high = Math.Min(Square, channels - c0);
                for (int o0 = 0; o0 < columns; o0 += Square)
                {
                    int wide = Math.Min(Square, columns - o0);
                    for (int t = 0; t < Taps; t++)
                        Turn(w + ((((long)(Taps - 1 - t) * columns) + o0) * channels) + c0, channels, high, wide, turned + (t * Square * Square));
                    for (int c = 0; c < high; c++)
                    {
                        for (int o = 0; o < wide; o += V.Count)
                            Transform<V, FourResults<V>>(turned + (c * Square) + o, Square * Square, Place(u, channels, columns, c0 + c, o0 + o), (nint)channels * columns);
                    }
                }
            }
        });

    /// <summary>gw [3][3][channels][columns] = Gᵀ·m·G, m [36][planes of channels × columns, <paramref name="plane"/> floats apart].</summary>
    public static void Gradient<V>(WorkCrew crew, float* m, nint plane, int channels, int columns, float* gw) where V : unmanaged, ILanes<V> =>
        crew.For(channels, crew.Grain(channels), (from, to) =>
        {
            for (long at = (long)from * columns; at < (long)to * columns; at += V.Count)
                Gradient<V>(m + at, plane, gw + at, (nint)channels * columns);
        });

    private static float* Place(float* u, int channels, int columns, int c, int o)
    {
        int panel = o / TileKernels.PanelWidth, width = Math.Min(TileKernels.PanelWidth, columns - (panel * TileKernels.PanelWidth));
        return u + ((long)panel * TileKernels.PanelWidth * channels) + ((long)c * width) + (o % TileKernels.PanelWidth);
    }

    private static void Turn(float* source, int step, int high, int wide, float* target)
    {
        for (int o = 0; o < wide; o++)
        {
            for (int c = 0; c < high; c++)
                target[(c * Square) + o] = source[((long)o * step) + c];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transform<V, T>(float* filter, nint tap, float* transformed, nint point) where V : unmanaged, ILanes<V> where T : struct, IWinogradTransforms<V>
    {
        int side = T.Results + 2;
        V* half = stackalloc V[6 * Edge];
        for (int s = 0; s < Edge; s++)
            T.Filter(V.Load(filter + (s * tap)), V.Load(filter + ((Edge + s) * tap)), V.Load(filter + (((2 * Edge) + s) * tap)), (float*)(half + s), Edge * V.Count);
        for (int i = 0; i < side; i++)
            T.Filter(half[i * Edge], half[(i * Edge) + 1], half[(i * Edge) + 2], transformed + (i * side * point), point);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gradient<V>(float* m, nint plane, float* gw, nint tap) where V : unmanaged, ILanes<V>
    {
        V* half = stackalloc V[6 * Edge];
        for (int j = 0; j < 6; j++)
            FourResults<V>.FilterGradient(m + (j * plane), 6 * plane, out half[j], out half[6 + j], out half[12 + j]);
        for (int r = 0; r < Edge; r++)
        {
            FourResults<V>.FilterGradient((float*)(half + (r * 6)), V.Count, out V s0, out V s1, out V s2);
            V.Store(s0, gw + (r * Edge * tap));
            V.Store(s1, gw + (((r * Edge) + 1) * tap));
            V.Store(s2, gw + (((r * Edge) + 2) * tap));
        }
    }
}
