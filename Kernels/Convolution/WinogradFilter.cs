using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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

    // Floats in a cache line.
    private const int Line = 16;

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
                    Turn(w, channels, columns, c0, high, o0, wide, turned);
                    for (int c = 0; c < high; c++)
                    {
                        for (int o = 0; o < wide; o += V.Count)
                            Transform<V, FourResults<V>>(turned + (c * Square) + o, Square * Square, Place(u, channels, columns, c0 + c, o0 + o), (nint)channels * columns);
                    }
                }
            }
        });

    /// <summary>
    /// U of <paramref name="depth"/> channels from <paramref name="channel"/> and <paramref name="width"/> columns from <paramref name="column"/> as [36][depth][width], points <paramref name="plane"/> floats apart; w as for
    /// the whole filter, mirrored or not. On this thread.
    /// </summary>
    public static void Block<V>(float* w, bool mirrored, int channels, int columns, int channel, int depth, int column, int width, float* u, nint plane) where V : unmanaged, ILanes<V>
    {
        float* turned = stackalloc float[Taps * Square * Square];
        for (int c0 = 0; c0 < depth; c0 += Square)
        {
            int high = Math.Min(Square, depth - c0);
            for (int o0 = 0; o0 < width; o0 += Square)
            {
                int wide = Math.Min(Square, width - o0);
                float* source = w + ((long)(channel + c0) * columns) + column + o0;
                nint tap = (nint)channels * columns, row = columns;
                if (mirrored)
                {
                    Turn(w, channels, columns, channel + c0, high, column + o0, wide, turned);
                    source = turned;
                    (tap, row) = (Square * Square, Square);
                }
                for (int c = 0; c < high; c++)
                {
                    for (int o = 0; o < wide; o += V.Count)
                        Transform<V, FourResults<V>>(source + (c * row) + o, tap, u + ((c0 + c) * (nint)width) + o0 + o, plane);
                }
            }
        }
    }

    /// <summary>Asks for a 36th of what <see cref="Block"/> will read: a quarter of a tap's rows, which lie a filter's row apart, where the processor does not read ahead by itself.</summary>
    public static void Expect(float* w, bool mirrored, int channels, int columns, int channel, int depth, int column, int width, int part)
    {
        const int quarters = WinogradTiles.MostPoints / Taps;
        if (!Sse.IsSupported)
            return;
        (int rows, int length, nint step) = mirrored ? (width, depth, channels) : (depth, width, columns);
        float* tap = w + ((long)(part / quarters) * channels * columns) + (mirrored ? ((long)column * channels) + channel : ((long)channel * columns) + column);
        for (int row = rows * (part % quarters) / quarters; row < rows * ((part % quarters) + 1) / quarters; row++)
        {
            for (int at = 0; at < length; at += Line)
                Sse.Prefetch1(tap + (row * step) + at);
        }
    }

    /// <summary>gw [3][3][channels][columns] = Gᵀ·m·G, m [36][planes of channels × columns, <paramref name="plane"/> floats apart].</summary>
    public static void Gradient<V>(WorkCrew crew, float* m, nint plane, int channels, int columns, float* gw) where V : unmanaged, ILanes<V> =>
        crew.For(channels, crew.Grain(channels), (from, to) =>
        {
            for (long at = (long)from * columns; at < (long)to * columns; at += V.Count)
                Gradient<V>(m + at, plane, gw + at, (nint)channels * columns);
        });

    /// <summary>The same for <paramref name="channels"/> rows of <paramref name="width"/> columns of m, into gw at the first of them: rows <paramref name="row"/> and taps <paramref name="tap"/> floats apart. On this thread.</summary>
    public static void GradientBlock<V>(float* m, nint plane, int channels, int width, float* gw, nint row, nint tap) where V : unmanaged, ILanes<V>
    {
        for (int c = 0; c < channels; c++)
        {
            for (int o = 0; o < width; o += V.Count)
                Gradient<V>(m + ((nint)c * width) + o, plane, gw + (c * row) + o, tap);
        }
    }

    private static float* Place(float* u, int channels, int columns, int c, int o)
    {
        int panel = o / TileKernels.PanelWidth, width = Math.Min(TileKernels.PanelWidth, columns - (panel * TileKernels.PanelWidth));
        return u + ((long)panel * TileKernels.PanelWidth * channels) + ((long)c * width) + (o % TileKernels.PanelWidth);
    }

    // The taps in reverse, and of each a square with rows and columns exchanged; both are whole vectors, so four by four go through registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(float* w, int channels, int columns, int c0, int high, int o0, int wide, float* target)
    {
        for (int t = Taps - 1; t >= 0; t--, target += Square * Square)
        {
            float* source = w + ((((long)t * columns) + o0) * channels) + c0;
            for (int o = 0; o < wide; o += 4)
            {
                for (int c = 0; c < high; c += 4)
                    Turn(source + ((long)o * channels) + c, channels, target + (c * Square) + o);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(float* s, nint step, float* d)
    {
        if (!Sse.IsSupported)
        {
            for (int i = 0; i < 16; i++)
                d[(i / 4 * Square) + (i % 4)] = s[(i % 4 * step) + (i / 4)];
            return;
        }
        Vector128<float> a = Vector128.Load(s), b = Vector128.Load(s + step), e = Vector128.Load(s + (2 * step)), f = Vector128.Load(s + (3 * step));
        Vector128<float> lowAb = Sse.UnpackLow(a, b), highAb = Sse.UnpackHigh(a, b), lowEf = Sse.UnpackLow(e, f), highEf = Sse.UnpackHigh(e, f);
        Sse.MoveLowToHigh(lowAb, lowEf).Store(d);
        Sse.MoveHighToLow(lowEf, lowAb).Store(d + Square);
        Sse.MoveLowToHigh(highAb, highEf).Store(d + (2 * Square));
        Sse.MoveHighToLow(highEf, highAb).Store(d + (3 * Square));
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
