using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// Convolution 3×3 with stride 1 as Winograd's F(4×4, 3×3): tiles of 6×6 inputs are transformed, multiplied channel by channel with the transformed filter in 36 matrix products, and transformed back to 4×4
/// outputs. Four times fewer multiplications than the definition; in float32 the largest error is about 1e-5 of the largest value (direct: 4e-7), so it serves inference plans, where the tests hold it to that.
/// Tiles go through in blocks whose transforms stay in L2; where the transformed filter outweighs everything it is read once, in three phases over the whole image.
/// Channels in and out are whole vectors.
/// </summary>
internal sealed unsafe class WinogradConvolution : IDisposable
{
    private const int Rows = Tile<Columns1<Lanes128>>.Rows;
    private const int Points = 36;
    private const int Out = 4;
    private const int In = 6;

    // What a block's two transforms may take of L2, the rest is for the filter that streams past.
    private const int BlockBytes = 700_000;

    // Reading the transformed filter again for each block: more than this in all, and it is better read once.
    private const long FilterBytes = 60_000_000;

    private const int LeastTiles = 5;

    private readonly CpuDevice device;
    private readonly ConvolutionGeometry g;
    private readonly DeviceBuffer transformed;
    private readonly float* u;
    private readonly int wide;
    private readonly int high;
    private readonly int tiles;
    private readonly int panels;
    private readonly int block;
    private readonly bool phases;

    public WinogradConvolution(CpuDevice device, ConvolutionGeometry geometry, float* w)
    {
        this.device = device;
        g = geometry;
        wide = (g.OutWidth + Out - 1) / Out;
        high = (g.OutHeight + Out - 1) / Out;
        tiles = checked(g.Batch * wide * high);
        panels = (g.OutChannels + TileKernels.PanelWidth - 1) / TileKernels.PanelWidth;
        int fitting = Math.Max((int)(BlockBytes / ((double)Points * sizeof(float) * (g.InChannels + g.OutChannels))) / Rows * Rows, Rows);
        int blocks = (tiles + fitting - 1) / fitting;
        phases = blocks < 2 * device.Threads || (long)Points * g.InChannels * g.OutChannels * sizeof(float) * blocks > FilterBytes;
        block = phases ? tiles : fitting;
        transformed = device.Pool.Rent((long)Points * g.InChannels * g.OutChannels);
        u = (float*)transformed.Address;
        TransformFilter(w);
    }

    /// <summary>Whether the scheme applies.</summary>
    public static bool Fits(ConvolutionGeometry g) =>
        g is { KernelHeight: 3, KernelWidth: 3, StrideY: 1, StrideX: 1, DilationY: 1, DilationX: 1, Groups: 1 } &&
        g.InChannels % SimdWidth.Lanes == 0 && g.OutChannels % SimdWidth.Lanes == 0 && g.InChannels is > 0 and <= ThreadScratch.ZeroCount && g.OutChannels is > 0 and <= ThreadScratch.ZeroCount;

    /// <summary>
    /// Whether the scheme is likely faster than the direct one: at least <see cref="LeastTiles"/> tiles. With the four of a 7×7 picture the transformed filter, four times the filter's size, is read from
    /// memory for too little work (512 → 512 channels: 1.2 ms either way).
    /// </summary>
    public static bool Pays(ConvolutionGeometry g) => Fits(g) && (long)g.Batch * ((g.OutWidth + Out - 1) / Out) * ((g.OutHeight + Out - 1) / Out) >= LeastTiles;

    /// <summary>Bytes of the transformed filter: four times the filter's.</summary>
    public long Bytes => (long)Points * g.InChannels * g.OutChannels * sizeof(float);

    /// <summary>Bytes of transformed inputs and products while it runs: of the whole image, or of a block for each thread that has one.</summary>
    public long WorkspaceBytes => (phases || tiles == 0 ? 1 : Math.Min(device.Threads, (tiles + block - 1) / block)) * (long)Points * block * (g.InChannels + g.OutChannels) * sizeof(float);

    public void Dispose() => transformed.Release();

    /// <summary>y = max(x ∗ w + bias + addend, lower). Pixels of x, y and the addend are <paramref name="xPixel"/> and <paramref name="yPixel"/> floats apart.</summary>
    public void Run(float* x, int xPixel, float* y, int yPixel, float* bias, float* addend, int addendPixel, float lower)
    {
        switch (SimdWidth.Bits)
        {
            case 512:
                Run<Lanes512>(x, xPixel, y, yPixel, bias, addend, addendPixel, lower);
                break;
            case 256:
                Run<Lanes256>(x, xPixel, y, yPixel, bias, addend, addendPixel, lower);
                break;
            default:
                Run<Lanes128>(x, xPixel, y, yPixel, bias, addend, addendPixel, lower);
                break;
        }
    }

    private void Run<V>(float* x, int xPixel, float* y, int yPixel, float* bias, float* addend, int addendPixel, float lower) where V : unmanaged, ILanes<V>
    {
        if (tiles == 0)
            return;
        if (bias == null)
            bias = ThreadScratch.Zeros;
        long inSize = (long)Points * block * g.InChannels, outSize = (long)Points * block * g.OutChannels;
        if (phases)
        {
            DeviceBuffer memory = device.Pool.Rent(inSize + outSize);
            float* v = (float*)memory.Address, m = v + inSize;
            device.Crew.For(tiles, device.Crew.Grain(tiles), (from, to) => TransformIn<V>(x, xPixel, from, to, 0, v));
            device.Crew.For(Points * panels, 1, (from, to) => Multiply(from, to, tiles, v, m));
            device.Crew.For(tiles, device.Crew.Grain(tiles), (from, to) => TransformOut<V>(m, from, to, 0, y, yPixel, bias, addend, addendPixel, lower));
            memory.Release();
            return;
        }
        device.Crew.For((tiles + block - 1) / block, 1, (from, to) =>
        {
            float* v = ThreadScratch.Rent((int)(inSize + outSize)), m = v + inSize;
            for (int b = from; b < to; b++)
            {
                int first = b * block, last = Math.Min(first + block, tiles);
                TransformIn<V>(x, xPixel, first, last, first, v);
                Multiply(0, Points * panels, last - first, v, m);
                TransformOut<V>(m, first, last, first, y, yPixel, bias, addend, addendPixel, lower);
            }
        });
    }

    /// <summary>[36][panel][in][width] from [3][3][in][out].</summary>
    private void TransformFilter(float* w)
    {
        int channels = g.InChannels, columns = g.OutChannels;
        device.Crew.For(channels, device.Crew.Grain(channels), (from, to) =>
        {
            for (int c = from; c < to; c++)
            {
                for (int o = 0; o < columns; o += Vector<float>.Count)
                {
                    int panel = o / TileKernels.PanelWidth, width = Math.Min(TileKernels.PanelWidth, columns - (panel * TileKernels.PanelWidth));
                    float* target = u + ((long)panel * TileKernels.PanelWidth * channels) + ((long)c * width) + (o % TileKernels.PanelWidth);
                    WinogradFilter.Transform(w + ((long)c * columns) + o, (long)channels * columns, target, (long)channels * columns);
                }
            }
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformIn<V>(float* x, int xPixel, int from, int to, int origin, float* v) where V : unmanaged, ILanes<V>
    {
        int channels = g.InChannels;
        nint plane = (nint)block * channels;
        float* half = stackalloc float[Points * 16];
        float** pixels = stackalloc float*[Points];
        for (int tile = from; tile < to; tile++)
        {
            int image = tile / (wide * high), row = (tile / wide % high * Out) - g.PadTop, column = (tile % wide * Out) - g.PadLeft;
            for (int i = 0; i < In; i++)
            {
                for (int j = 0; j < In; j++)
                {
                    bool inside = (uint)(row + i) < (uint)g.InHeight && (uint)(column + j) < (uint)g.InWidth;
                    pixels[(i * In) + j] = inside ? x + (((((long)image * g.InHeight) + row + i) * g.InWidth) + column + j) * xPixel : ThreadScratch.Zeros;
                }
            }
            float* target = v + ((long)(tile - origin) * channels);
            for (int c = 0; c < channels; c += V.Count)
            {
                for (int i = 0; i < In; i++)
                {
                    float** p = pixels + (i * In);
                    WinogradTransforms<V>.Input(
                        V.Load(p[0] + c), V.Load(p[1] + c), V.Load(p[2] + c), V.Load(p[3] + c), V.Load(p[4] + c), V.Load(p[5] + c), half + (i * In * V.Count), V.Count);
                }
                for (int j = 0; j < In; j++)
                {
                    float* h = half + (j * V.Count);
                    int line = In * V.Count;
                    WinogradTransforms<V>.Input(
                        V.Load(h), V.Load(h + line), V.Load(h + (2 * line)), V.Load(h + (3 * line)), V.Load(h + (4 * line)), V.Load(h + (5 * line)), target + c + (j * plane), In * plane);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(int from, int to, int count, float* v, float* m)
    {
        int channels = g.InChannels, columns = g.OutChannels;
        float** a = stackalloc float*[Rows];
        float** y = stackalloc float*[Rows];
        for (int work = from; work < to; work++)
        {
            int point = work / panels, panel = work % panels, width = Math.Min(TileKernels.PanelWidth, columns - (panel * TileKernels.PanelWidth));
            float* filter = u + ((long)point * channels * columns) + ((long)panel * TileKernels.PanelWidth * channels);
            var six = TileKernels.SixRows(width / SimdWidth.Lanes);
            var one = TileKernels.OneRow(width / SimdWidth.Lanes);
            for (int first = 0; first < count; first += Rows)
            {
                int rows = Math.Min(Rows, count - first);
                for (int i = 0; i < Rows; i++)
                {
                    long at = ((long)point * block) + first + (i < rows ? i : 0);
                    a[i] = v + (at * channels);
                    y[i] = m + (at * columns) + (panel * TileKernels.PanelWidth);
                }
                (rows == 1 ? one : six)(a, 1, channels, filter, width, y, null, ThreadScratch.Zeros, float.NegativeInfinity);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransformOut<V>(float* m, int from, int to, int origin, float* y, int yPixel, float* bias, float* addend, int addendPixel, float lower) where V : unmanaged, ILanes<V>
    {
        int columns = g.OutChannels;
        nint plane = (nint)block * columns;
        float* half = stackalloc float[Out * In * 16];
        V floor = V.All(lower);
        for (int tile = from; tile < to; tile++)
        {
            int image = tile / (wide * high), row = tile / wide % high * Out, column = tile % wide * Out;
            int rows = Math.Min(Out, g.OutHeight - row), places = Math.Min(Out, g.OutWidth - column);
            float* source = m + ((long)(tile - origin) * columns);
            long corner = ((((long)image * g.OutHeight) + row) * g.OutWidth) + column;
            for (int c = 0; c < columns; c += V.Count)
            {
                for (int j = 0; j < In; j++)
                {
                    WinogradTransforms<V>.Output(source + c + (j * plane), In * plane, out V o0, out V o1, out V o2, out V o3);
                    float* h = half + (j * V.Count);
                    V.Store(o0, h);
                    V.Store(o1, h + (In * V.Count));
                    V.Store(o2, h + (2 * In * V.Count));
                    V.Store(o3, h + (3 * In * V.Count));
                }
                V b = V.Load(bias + c);
                for (int i = 0; i < rows; i++)
                {
                    WinogradTransforms<V>.Output(half + (i * In * V.Count), V.Count, out V o0, out V o1, out V o2, out V o3);
                    long pixel = corner + ((long)i * g.OutWidth);
                    float* target = y + (pixel * yPixel) + c;
                    float* added = addend == null ? null : addend + (pixel * addendPixel) + c;
                    Finish(o0, b, added, target, floor);
                    if (places > 1)
                        Finish(o1, b, added == null ? null : added + addendPixel, target + yPixel, floor);
                    if (places > 2)
                        Finish(o2, b, added == null ? null : added + (2 * addendPixel), target + (2 * yPixel), floor);
                    if (places > 3)
                        Finish(o3, b, added == null ? null : added + (3 * addendPixel), target + (3 * yPixel), floor);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<V>(V sum, V bias, float* added, float* target, V floor) where V : unmanaged, ILanes<V>
    {
        V value = V.Add(sum, bias);
        if (added != null)
            value = V.Add(value, V.Load(added));
        V.Store(V.Max(floor, value), target);
    }
}
