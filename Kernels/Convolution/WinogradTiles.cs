using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// The tiles of a convolution 3×3 with stride 1 under F(4×4, 3×3) or F(2×2, 3×3): each makes 4×4 results of 6×6 inputs, or 2×2 of 4×4. Here pixels become points and back: a tile's transform is 36 or 16 rows of channels,
/// <c>plane</c> floats apart, so that each point of all tiles is the matrix of a product. Inputs outside the image count as 0, results outside it are dropped.
/// With a window that <see cref="Pools"/> takes, results become its maxima where they are made.
/// </summary>
/// <param name="geometry">The sizes.</param>
/// <param name="window">The max pooling of the result, of tiles of 4×4 alone; or null.</param>
/// <param name="results">4 or 2: the results of a tile in each direction.</param>
internal readonly unsafe partial struct WinogradTiles(ConvolutionGeometry geometry, PoolingGeometry? window = null, int results = WinogradTiles.Out)
{
    /// <summary>Points of the larger tiles.</summary>
    public const int MostPoints = In * In;

    // Inputs and results of the larger tiles in each direction.
    private const int In = 6;
    private const int Out = 4;

    // Floats in the widest vector.
    private const int Lanes = 16;

    private readonly ConvolutionGeometry g = geometry;

    /// <summary>Points of a tile.</summary>
    public int Points => (results + 2) * (results + 2);

    /// <summary>Tiles beside each other.</summary>
    public int Wide => (g.OutWidth + results - 1) / results;

    /// <summary>Tiles one below the other.</summary>
    public int High => (g.OutHeight + results - 1) / results;

    /// <summary>Tiles of all images.</summary>
    public int Count => checked(g.Batch * Wide * High);

    /// <summary>v = Bᵀ·x·B of the tiles from..to; pixels of x are <paramref name="pixel"/> floats apart.</summary>
    public void Input<V>(float* x, int pixel, int from, int to, float* v, nint plane) where V : unmanaged, ILanes<V>
    {
        if (results == Out)
            Input<V, FourResults<V>>(x, pixel, from, to, v, plane);
        else
            Input<V, TwoResults<V>>(x, pixel, from, to, v, plane);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Input<V, T>(float* x, int pixel, int from, int to, float* v, nint plane) where V : unmanaged, ILanes<V> where T : struct, IWinogradTransforms<V>
    {
        int channels = g.InChannels, wide = Wide, high = High, side = T.Results + 2;
        float* half = stackalloc float[MostPoints * Lanes];
        float** pixels = stackalloc float*[MostPoints];
        for (int tile = from; tile < to; tile++, v += channels)
        {
            int image = tile / (wide * high), row = (tile / wide % high * T.Results) - g.PadTop, column = (tile % wide * T.Results) - g.PadLeft;
            Point(x, pixel, image, row, column, side, g.InHeight, g.InWidth, pixels);
            for (int c = 0; c < channels; c += V.Count)
            {
                for (int i = 0; i < side; i++)
                    T.Input(pixels + (i * side), c, half + (i * side * V.Count), V.Count);
                for (int j = 0; j < side; j++)
                    T.Input(half + (j * V.Count), side * V.Count, v + c + (j * plane), side * plane);
            }
        }
    }

    /// <summary>m = A·gy·Aᵀ of the tiles from..to: what arrives at the results, for the filter's gradient.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void OutputGradient<V>(float* gy, int from, int to, float* m, nint plane) where V : unmanaged, ILanes<V>
    {
        int channels = g.OutChannels, wide = Wide, high = High;
        float* half = stackalloc float[Out * In * Lanes];
        float** pixels = stackalloc float*[Out * Out];
        for (int tile = from; tile < to; tile++, m += channels)
        {
            Point(gy, channels, tile / (wide * high), tile / wide % high * Out, tile % wide * Out, Out, g.OutHeight, g.OutWidth, pixels);
            for (int c = 0; c < channels; c += V.Count)
            {
                for (int i = 0; i < Out; i++)
                {
                    float** p = pixels + (i * Out);
                    FourResults<V>.OutputGradient(V.Load(p[0] + c), V.Load(p[1] + c), V.Load(p[2] + c), V.Load(p[3] + c), half + (i * In * V.Count), V.Count);
                }
                for (int j = 0; j < In; j++)
                {
                    float* h = half + (j * V.Count);
                    int line = In * V.Count;
                    FourResults<V>.OutputGradient(V.Load(h), V.Load(h + line), V.Load(h + (2 * line)), V.Load(h + (3 * line)), m + c + (j * plane), In * plane);
                }
            }
        }
    }

    /// <summary>
    /// y = max(Aᵀ·m·A + bias + addend, lower) of the tiles from..to, or the largest of it under each window of the pooling. Pixels of y and the addend are <paramref name="pixel"/> and <paramref name="addendPixel"/>
    /// floats apart.
    /// </summary>
    public void Output<V>(float* m, nint plane, int from, int to, float* y, int pixel, float* bias, float* addend, int addendPixel, float lower) where V : unmanaged, ILanes<V>
    {
        if (window is not null)
            Pooled<V>(m, plane, from, to, y, pixel, bias, addend, addendPixel, lower);
        else if (results == Out)
            Whole<V, FourResults<V>>(m, plane, from, to, y, pixel, bias, addend, addendPixel, lower);
        else
            Whole<V, TwoResults<V>>(m, plane, from, to, y, pixel, bias, addend, addendPixel, lower);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Whole<V, T>(float* m, nint plane, int from, int to, float* y, int pixel, float* bias, float* addend, int addendPixel, float lower)
        where V : unmanaged, ILanes<V> where T : struct, IWinogradTransforms<V>
    {
        int columns = g.OutChannels, wide = Wide, high = High, side = T.Results + 2;
        float* half = stackalloc float[Out * In * Lanes];
        V floor = V.All(lower);
        for (int tile = from; tile < to; tile++, m += columns)
        {
            int image = tile / (wide * high), row = tile / wide % high * T.Results, column = tile % wide * T.Results;
            int rows = Math.Min(T.Results, g.OutHeight - row), places = Math.Min(T.Results, g.OutWidth - column);
            long corner = ((((long)image * g.OutHeight) + row) * g.OutWidth) + column;
            for (int c = 0; c < columns; c += V.Count)
            {
                Halve<V, T>(m + c, plane, half);
                V b = V.Load(bias + c);
                for (int i = 0; i < rows; i++)
                {
                    T.Output(half + (i * side * V.Count), V.Count, out V o0, out V o1, out V o2, out V o3);
                    long at = corner + ((long)i * g.OutWidth);
                    float* target = y + (at * pixel) + c;
                    float* added = addend == null ? null : addend + (at * addendPixel) + c;
                    Finish(o0, b, added, target, floor);
                    if (places > 1)
                        Finish(o1, b, added == null ? null : added + addendPixel, target + pixel, floor);
                    if (places > 2)
                        Finish(o2, b, added == null ? null : added + (2 * addendPixel), target + (2 * pixel), floor);
                    if (places > 3)
                        Finish(o3, b, added == null ? null : added + (3 * addendPixel), target + (3 * pixel), floor);
                }
            }
        }
    }

    /// <summary>half = Aᵀ·m of V.Count channels: as many lines as a tile has results, a vector for each input.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halve<V, T>(float* m, nint plane, float* half) where V : unmanaged, ILanes<V> where T : struct, IWinogradTransforms<V>
    {
        int side = T.Results + 2;
        for (int j = 0; j < side; j++)
        {
            T.Output(m + (j * plane), side * plane, out V o0, out V o1, out V o2, out V o3);
            float* h = half + (j * V.Count);
            V.Store(o0, h);
            V.Store(o1, h + (side * V.Count));
            if (T.Results == Out)
            {
                V.Store(o2, h + (2 * side * V.Count));
                V.Store(o3, h + (3 * side * V.Count));
            }
        }
    }

    /// <summary>Where the size × size pixels from (row, column) are; outside the image, zeros.</summary>
    private static void Point(float* source, int pixel, int image, int row, int column, int size, int height, int width, float** pixels)
    {
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                bool inside = (uint)(row + i) < (uint)height && (uint)(column + j) < (uint)width;
                pixels[(i * size) + j] = inside ? source + (((((long)image * height) + row + i) * width) + column + j) * pixel : ThreadScratch.Zeros;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<V>(V sum, V bias, float* added, float* target, V floor) where V : unmanaged, ILanes<V> => V.Store(Finished(sum, bias, added, floor), target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Finished<V>(V sum, V bias, float* added, V floor) where V : unmanaged, ILanes<V>
    {
        V value = V.Add(sum, bias);
        if (added != null)
            value = V.Add(value, V.Load(added));
        return V.Max(floor, value);
    }
}
