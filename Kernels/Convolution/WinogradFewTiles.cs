using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// F(4×4, 3×3) as <see cref="WinogradConvolution"/>, for a filter that is used once and meets few tiles: training at 7×7. The whole transformed filter, four times the filter's size, would be written to memory and read back for
/// a few dozen tiles. Here a thread takes a panel of columns, transforms a block of the filter's channels in its L2, multiplies all tiles with it and goes on to the next block; the sums of all tiles of the panel stay in L2 too.
/// Sums are added in the order of the channels, so the result does not depend on the thread count.
/// </summary>
internal sealed unsafe class WinogradFewTiles(CpuDevice device, ConvolutionGeometry g, bool mirrored = false)
{
    private const int Rows = Tile<Columns1<Lanes128>>.Rows;
    private const int Points = WinogradTiles.MostPoints;

    // Fewer tiles are as much work as the filter's transform; with 64 the sums of a panel, 9 KB a tile, leave no room in L2, and one transform for all pays.
    private const int LeastTiles = 16;
    private const int MostTiles = 63;

    // A smaller transformed filter stays in L2 as it is.
    private const long LeastFilter = 128 * 128;

    // 36 · 32 · 64 floats are 288 KiB of transformed filter.
    private const int Depth = 32;

    private readonly WinogradTiles grid = new(g);
    private readonly int tiles = new WinogradTiles(g).Count;

    /// <summary>Whether it is likely the fastest way for one run with a filter.</summary>
    public static bool PaysOnce(ConvolutionGeometry g) =>
        WinogradConvolution.Fits(g) && (long)g.InChannels * g.OutChannels >= LeastFilter && new WinogradTiles(g).Count is >= LeastTiles and <= MostTiles;

    /// <summary>y = epilogue(x ∗ w), all contiguous; w is [3][3][in][out], mirrored [3][3][out][in], as for <see cref="WinogradConvolution"/>.</summary>
    public void Run(float* x, float* w, float* y, in Epilogue epilogue)
    {
        float* bias = epilogue.Bias is { } b ? b.Pointer : ThreadScratch.Zeros, addend = epilogue.Addend is { } a ? a.Pointer : null;
        float lower = epilogue.Relu ? 0 : float.NegativeInfinity;
        switch (SimdWidth.Bits)
        {
            case 512:
                Run<Lanes512>(x, w, y, bias, addend, lower);
                break;
            case 256:
                Run<Lanes256>(x, w, y, bias, addend, lower);
                break;
            default:
                Run<Lanes128>(x, w, y, bias, addend, lower);
                break;
        }
    }

    private void Run<V>(float* x, float* w, float* y, float* bias, float* addend, float lower) where V : unmanaged, ILanes<V>
    {
        DeviceBuffer memory = device.Pool.Rent((long)Points * tiles * g.InChannels);
        float* v = (float*)memory.Address;
        device.Crew.For(tiles, device.Crew.Grain(tiles), (from, to) => grid.Input<V>(x, g.InChannels, from, to, v + ((long)from * g.InChannels), (nint)tiles * g.InChannels));
        int panels = (g.OutChannels + TileKernels.PanelWidth - 1) / TileKernels.PanelWidth;
        device.Crew.For(panels, device.Crew.Grain(panels), (from, to) =>
        {
            for (int panel = from; panel < to; panel++)
            {
                int column = panel * TileKernels.PanelWidth, width = Math.Min(TileKernels.PanelWidth, g.OutChannels - column);
                float* m = ThreadScratch.Rent(Points * (tiles + Depth) * width), u = m + ((long)Points * tiles * width);
                for (int c = 0; c < g.InChannels; c += Depth)
                {
                    int depth = Math.Min(Depth, g.InChannels - c);
                    WinogradFilter.Block<V>(w, mirrored, g.InChannels, g.OutChannels, c, depth, column, width, u, (nint)Depth * width);
                    int next = c + Depth, nextDepth = Math.Min(Depth, g.InChannels - next), nextColumn = column;
                    if (nextDepth <= 0)
                        (next, nextDepth, nextColumn) = (0, panel + 1 < to ? Math.Min(Depth, g.InChannels) : 0, column + TileKernels.PanelWidth);
                    for (int point = 0; point < Points; point++)
                    {
                        // The filter's next block is far away; each point of this one asks for a part of it.
                        WinogradFilter.Expect(w, mirrored, g.InChannels, g.OutChannels, next, nextDepth, nextColumn, Math.Min(width, g.OutChannels - nextColumn), point);
                        Multiply(v + ((long)point * tiles * g.InChannels) + c, depth, width, u + ((long)point * Depth * width), m + ((long)point * tiles * width), c == 0);
                    }
                }
                new WinogradTiles(g with { OutChannels = width }).Output<V>(m, (nint)tiles * width, 0, tiles, y + column, g.OutChannels, bias + column, addend == null ? null : addend + column, g.OutChannels, lower);
            }
        });
        memory.Release();
    }

    /// <summary>m (+)= v·u for a block of channels and all tiles of one point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Multiply(float* v, int depth, int width, float* u, float* m, bool fresh)
    {
        float** a = stackalloc float*[Rows];
        float** y = stackalloc float*[Rows];
        for (int first = 0; first < tiles; first += Rows)
        {
            int rows = Math.Min(Rows, tiles - first);
            for (int i = 0; i < Rows; i++)
            {
                long at = first + (i < rows ? i : 0);
                a[i] = v + (at * g.InChannels);
                y[i] = m + (at * width);
            }
            TileKernels.Rows(rows, width / SimdWidth.Lanes)(a, 1, depth, u, width, y, fresh ? null : y, ThreadScratch.Zeros, float.NegativeInfinity, null, 0);
        }
    }
}
