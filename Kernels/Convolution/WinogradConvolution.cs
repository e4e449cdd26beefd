using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// Convolution 3×3 with stride 1 as Winograd's F(4×4, 3×3): tiles of 6×6 inputs are transformed, multiplied channel by channel with the transformed filter in 36 matrix products, and transformed back to 4×4
/// outputs. Four times fewer multiplications than the definition; in float32 the largest error is below 1e-5 of the largest value (direct: 4e-7), and the tests hold it to that.
/// For the smallest images as F(2×2, 3×3), 16 products and 2.25 times fewer multiplications, whose filter is less than half as large.
/// Tiles go through in blocks whose transforms stay in L2; where the filter would be read too often that way it is read once, in three phases over all tiles, or over as many as 64 MB hold.
/// Channels in and out are whole vectors.
/// </summary>
internal sealed unsafe class WinogradConvolution : IDisposable
{
    private const int Rows = Tile<Columns1<Lanes128>>.Rows;

    // What a block's two transforms may take of L2, the rest is for the filter that streams past.
    private static readonly double BlockBytes = 0.67 * SecondCache.Bytes;

    // From so many tiles on a larger filter is worth reading, and from so many values of it on three phases are worth starting: see Rule.
    private const int LeastTiles = 5;
    private const int LeastSmallTiles = 9;
    private const long LeastPairs = 128 * 128;
    private const int LeastTilesOnce = 64;

    // What the transforms of the tiles may take in phases.
    private const long PhaseBytes = 64_000_000;

    private readonly CpuDevice device;
    private readonly ConvolutionGeometry g;
    private readonly DeviceBuffer transformed;
    private readonly float* u;
    private readonly WinogradTiles grid;
    private readonly int points;
    private readonly int tiles;
    private readonly int panels;
    private readonly int block;
    private readonly bool phases;

    /// <summary>Transforms the filter <paramref name="w"/>.</summary>
    /// <param name="device">Where.</param>
    /// <param name="geometry">The sizes; for the input gradient those of the mirrored convolution, see <see cref="Mirror"/>.</param>
    /// <param name="w">[3][3][in][out]; mirrored [3][3][out][in].</param>
    /// <param name="mirrored">Whether w is turned and its channels exchanged first.</param>
    /// <param name="variant"><see cref="KernelVariant.WinogradBlocks"/>, <see cref="KernelVariant.WinogradPhases"/> or <see cref="KernelVariant.WinogradSmallTiles"/>, the last unless mirrored or pooled; null: of the first two as the filter's size says.</param>
    /// <param name="window">The max pooling of the result that y receives instead, one that <see cref="WinogradTiles.Pools"/> takes, or null.</param>
    public WinogradConvolution(CpuDevice device, ConvolutionGeometry geometry, float* w, bool mirrored = false, KernelVariant? variant = null, PoolingGeometry? window = null)
    {
        this.device = device;
        g = geometry;
        bool small = variant == KernelVariant.WinogradSmallTiles;
        grid = small ? new WinogradTiles(g, results: 2) : new WinogradTiles(g, window);
        points = grid.Points;
        tiles = grid.Count;
        panels = (g.OutChannels + TileKernels.PanelWidth - 1) / TileKernels.PanelWidth;
        int fitting = Fitting(g, points);
        int blocks = (tiles + fitting - 1) / fitting;
        // Blocks must be enough to share out; which way it goes changes the time alone, not one bit of the result.
        phases = small || blocks < 2 * device.Threads || (variant ?? Way(g)) == KernelVariant.WinogradPhases;
        block = phases ? (int)Math.Clamp(PhaseBytes / ((long)points * sizeof(float) * (g.InChannels + g.OutChannels)), 1, Math.Max(tiles, 1)) : fitting;
        transformed = device.Pool.Rent((long)points * g.InChannels * g.OutChannels);
        u = (float*)transformed.Address;
        switch (SimdWidth.Bits)
        {
            case 512:
                Transform<Lanes512>(w, mirrored, small);
                break;
            case 256:
                Transform<Lanes256>(w, mirrored, small);
                break;
            default:
                Transform<Lanes128>(w, mirrored, small);
                break;
        }
    }

    /// <summary>The convolution of what arrives with the mirrored filter that is the input gradient of <paramref name="g"/>.</summary>
    public static ConvolutionGeometry Mirror(ConvolutionGeometry g) => g with
    {
        InHeight = g.OutHeight,
        InWidth = g.OutWidth,
        InChannels = g.OutChannels,
        OutHeight = g.InHeight,
        OutWidth = g.InWidth,
        OutChannels = g.InChannels,
        PadTop = g.KernelHeight - 1 - g.PadTop,
        PadLeft = g.KernelWidth - 1 - g.PadLeft,
    };

    /// <summary>Whether the scheme applies.</summary>
    public static bool Fits(ConvolutionGeometry g) =>
        g is { KernelHeight: 3, KernelWidth: 3, StrideY: 1, StrideX: 1, DilationY: 1, DilationX: 1, Groups: 1 } &&
        g.InChannels % SimdWidth.Lanes == 0 && g.OutChannels % SimdWidth.Lanes == 0 && g.InChannels is > 0 and <= ThreadScratch.ZeroCount && g.OutChannels is > 0 and <= ThreadScratch.ZeroCount;

    /// <summary>
    /// What is likely the fastest for a geometry that fits and was not measured. Below <see cref="LeastTiles"/> tiles of 4×4 the transformed filter, four times the filter's size, is read from memory for too little work,
    /// and tiles of 2×2 serve: 512 → 512 channels at 7×7, microseconds from cold memory on two Zen 4 cores, directly 1079, in tiles of 4×4 1069, of 2×2 674; 128 → 128 74, 81, 68; 64 → 64 23, 27, 26; 512 → 512 at 5×5
    /// 587, 1056, 498. Blocks or phases: whichever moves less beyond L2.
    /// </summary>
    public static KernelVariant Rule(ConvolutionGeometry g) =>
        new WinogradTiles(g).Count >= LeastTiles ? Way(g)
        : new WinogradTiles(g, results: 2).Count >= LeastSmallTiles && (long)g.InChannels * g.OutChannels >= LeastPairs ? KernelVariant.WinogradSmallTiles
        : KernelVariant.Direct;

    /// <summary>Whether it is likely faster even when the filter is transformed for this run alone: that is as much work as <see cref="LeastTilesOnce"/> tiles save.</summary>
    public static bool PaysOnce(ConvolutionGeometry g) => Fits(g) && new WinogradTiles(g).Count >= LeastTilesOnce;

    // What passes beyond L2: in blocks the filter once a block, unless it stays there; in phases the transforms, written and read, and the filter once. Transforms of more than one piece go through memory, where a filter that
    // is read again and again stays in the last cache and is asked for early: measured on Sapphire Rapids, blocks win up to six times the bytes there (512 -> 256 at 56x56, batch 8) and lose at twice where all fit (256 -> 256 at 14x14).
    private static KernelVariant Way(ConvolutionGeometry g)
    {
        var grid = new WinogradTiles(g);
        double filter = (double)grid.Points * g.InChannels * g.OutChannels * sizeof(float), transforms = (double)grid.Points * grid.Count * ((double)g.InChannels + g.OutChannels) * sizeof(float);
        return filter > SecondCache.Bytes / 2 && transforms / BlockBytes * filter > (transforms > PhaseBytes ? 7 : 1.5) * ((2 * transforms) + filter) ? KernelVariant.WinogradPhases : KernelVariant.WinogradBlocks;
    }

    // Tiles whose transforms stay in L2.
    private static int Fitting(ConvolutionGeometry g, int points) => Math.Max((int)(BlockBytes / (points * sizeof(float) * ((double)g.InChannels + g.OutChannels))) / Rows * Rows, Rows);

    /// <summary>Bytes of the transformed filter: four times the filter's, 16/9 of it for tiles of 2×2.</summary>
    public long Bytes => (long)points * g.InChannels * g.OutChannels * sizeof(float);

    /// <summary>Bytes of transformed inputs and products while it runs: of the whole image, or of a block for each thread that has one.</summary>
    public long WorkspaceBytes => (phases || tiles == 0 ? 1 : Math.Min(device.Threads, (tiles + block - 1) / block)) * (long)points * block * (g.InChannels + g.OutChannels) * sizeof(float);

    public void Dispose() => transformed.Release();

    /// <summary>y = epilogue(x ∗ w), all contiguous.</summary>
    public void Run(float* x, float* y, in Epilogue epilogue) => Run(
        x, g.InChannels, y, g.OutChannels, epilogue.Bias is { } bias ? bias.Pointer : null, epilogue.Addend is { } addend ? addend.Pointer : null, g.OutChannels,
        epilogue.Relu ? 0 : float.NegativeInfinity);

    /// <summary>What a thread reads first of the transformed filter.</summary>
    public FilterPiece First(int thread)
    {
        if (!phases)
            return Piece(0);
        int grain = device.Crew.Grain(points * panels), work = device.Crew.First(thread, ((points * panels) + grain - 1) / grain) * grain;
        return work < points * panels ? Piece(work) : default;
    }

    /// <summary>y = max(x ∗ w + bias + addend, lower). Pixels of x, y and the addend are <paramref name="xPixel"/> and <paramref name="yPixel"/> floats apart; <paramref name="following"/> is what is likely to run next.</summary>
    public void Run(float* x, int xPixel, float* y, int yPixel, float* bias, float* addend, int addendPixel, float lower, PreparedConvolution? following = null)
    {
        switch (SimdWidth.Bits)
        {
            case 512:
                Run<Lanes512>(x, xPixel, y, yPixel, bias, addend, addendPixel, lower, following);
                break;
            case 256:
                Run<Lanes256>(x, xPixel, y, yPixel, bias, addend, addendPixel, lower, following);
                break;
            default:
                Run<Lanes128>(x, xPixel, y, yPixel, bias, addend, addendPixel, lower, following);
                break;
        }
    }

    private void Run<V>(float* x, int xPixel, float* y, int yPixel, float* bias, float* addend, int addendPixel, float lower, PreparedConvolution? following) where V : unmanaged, ILanes<V>
    {
        if (tiles == 0)
            return;
        if (bias == null)
            bias = ThreadScratch.Zeros;
        long inSize = (long)points * block * g.InChannels, outSize = (long)points * block * g.OutChannels;
        if (phases)
        {
            DeviceBuffer memory = device.Pool.Rent(inSize + outSize);
            float* v = (float*)memory.Address, m = v + inSize;
            int grain = device.Crew.Grain(points * panels);
            for (int first = 0; first < tiles; first += block)
            {
                int start = first, count = Math.Min(block, tiles - first);
                device.Crew.For(count, device.Crew.Grain(count), (from, to) =>
                    grid.Input<V>(x, xPixel, start + from, start + to, v + ((long)from * g.InChannels), (nint)block * g.InChannels));
                device.Crew.For(points * panels, grain, (from, to) => Multiply(from, to, count, v, m, After(to, grain, start + count == tiles ? following : null)));
                device.Crew.For(count, device.Crew.Grain(count), (from, to) =>
                    grid.Output<V>(m + ((long)from * g.OutChannels), (nint)block * g.OutChannels, start + from, start + to, y, yPixel, bias, addend, addendPixel, lower));
            }
            memory.Release();
            return;
        }
        int blocks = (tiles + block - 1) / block;
        device.Crew.For(blocks, 1, (from, to) =>
        {
            float* v = ThreadScratch.Rent((int)(inSize + outSize)), m = v + inSize;
            for (int b = from; b < to; b++)
            {
                int first = b * block, last = Math.Min(first + block, tiles);
                grid.Input<V>(x, xPixel, first, last, v, (nint)block * g.InChannels);
                int thread = device.Crew.Owner(b, blocks);
                Multiply(0, points * panels, last - first, v, m, b + 1 < device.Crew.First(thread + 1, blocks) ? Piece(0) : following?.First(thread) ?? default);
                grid.Output<V>(m, (nint)block * g.OutChannels, first, last, y, yPixel, bias, addend, addendPixel, lower);
            }
        });
    }

    private void Transform<V>(float* w, bool mirrored, bool small) where V : unmanaged, ILanes<V>
    {
        if (mirrored)
            WinogradFilter.Mirrored<V>(device.Crew, w, g.InChannels, g.OutChannels, u);
        else if (small)
            WinogradFilter.Transform<V, TwoResults<V>>(device.Crew, w, g.InChannels, g.OutChannels, u);
        else
            WinogradFilter.Transform<V, FourResults<V>>(device.Crew, w, g.InChannels, g.OutChannels, u);
    }

    /// <summary>The filter of one panel at one point.</summary>
    private FilterPiece Piece(int work)
    {
        int point = work / panels, column = work % panels * TileKernels.PanelWidth;
        return new FilterPiece(u + ((((long)point * g.OutChannels) + column) * g.InChannels), (long)Math.Min(TileKernels.PanelWidth, g.OutChannels - column) * g.InChannels);
    }

    // The thread that ends a chunk is likely to go on with its share's next one, of this filter or of what follows.
    private FilterPiece After(int to, int grain, PreparedConvolution? following)
    {
        int chunks = ((points * panels) + grain - 1) / grain, thread = device.Crew.Owner((to - 1) / grain, chunks);
        return (to - 1) / grain + 1 < device.Crew.First(thread + 1, chunks) ? Piece(to) : following?.First(thread) ?? default;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(int from, int to, int count, float* v, float* m, FilterPiece after)
    {
        int channels = g.InChannels, columns = g.OutChannels;
        float** a = stackalloc float*[Rows];
        float** y = stackalloc float*[Rows];
        for (int work = from; work < to; work++)
        {
            int point = work / panels, panel = work % panels, width = Math.Min(TileKernels.PanelWidth, columns - (panel * TileKernels.PanelWidth));
            float* filter = Piece(work).At;
            // The next point's or panel's filter is asked for while this one is used.
            FilterPiece wanted = work + 1 < to ? Piece(work + 1) : after;
            float* next = wanted.At, end = next + wanted.Floats;
            int pace = TileKernels.Pace(wanted.Floats, (long)channels * ((count + Rows - 1) / Rows));
            for (int first = 0; first < count; first += Rows)
            {
                int rows = Math.Min(Rows, count - first);
                for (int i = 0; i < Rows; i++)
                {
                    long at = ((long)point * block) + first + (i < rows ? i : 0);
                    a[i] = v + (at * channels);
                    y[i] = m + (at * columns) + (panel * TileKernels.PanelWidth);
                }
                TileKernels.Rows(rows, width / SimdWidth.Lanes)(a, 1, channels, filter, width, y, null, ThreadScratch.Zeros, float.NegativeInfinity, next, pace);
                if (next != null && (next += (long)channels * pace) >= end)
                    next = null;
            }
        }
    }
}
