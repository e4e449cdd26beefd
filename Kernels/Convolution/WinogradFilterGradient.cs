namespace NativeFree.Kernels;

/// <summary>
/// The filter gradient of a 3×3 convolution with stride 1 through the transforms of <see cref="FourResults{V}"/>: 36 products Σ over tiles of v[tile][in]·m[tile][out], four times fewer
/// multiplications than the definition. Tiles go through in bands whose transforms are about as large as the 36 sums, so that reading and writing those stays cheap; every sum is added up in the order
/// of the tiles, so the result does not depend on the thread count. Largest error as forwards: below 1e-5 of the largest value.
/// </summary>
internal sealed unsafe class WinogradFilterGradient(CpuDevice device, ConvolutionGeometry g)
{
    private const int Rows = Tile<Columns1<Lanes128>>.Rows;
    private const int Points = WinogradTiles.MostPoints;

    // What the transforms of a band take: small sums, and they fit two L2 beside them.
    private const long BandBytes = 2_000_000;

    // 36 · 48 · 64 floats are 432 KiB of sums, which stay in L2.
    private const int Height = 8 * Rows;

    private readonly WinogradTiles grid = new(g);
    private readonly int rows = (g.InChannels + Rows - 1) / Rows * Rows;
    private readonly int panels = (g.OutChannels + TileKernels.PanelWidth - 1) / TileKernels.PanelWidth;

    /// <summary>gw is overwritten. x, gy and gw are contiguous.</summary>
    public void Run(float* x, float* gy, float* gw)
    {
        switch (SimdWidth.Bits)
        {
            case 512:
                Run<Lanes512>(x, gy, gw);
                break;
            case 256:
                Run<Lanes256>(x, gy, gw);
                break;
            default:
                Run<Lanes128>(x, gy, gw);
                break;
        }
    }

    private void Run<V>(float* x, float* gy, float* gw) where V : unmanaged, ILanes<V>
    {
        int channels = g.InChannels, columns = g.OutChannels, tiles = grid.Count;
        if (tiles == 0)
        {
            new Span<float>(gw, checked((int)g.FilterShape.Count)).Clear();
            return;
        }
        long sumCount = (long)Points * rows * columns, perTile = (long)Points * (channels + columns);
        if (sumCount >= 2 * tiles * perTile)
        {
            FewTiles<V>(x, gy, gw);
            return;
        }
        int band = (int)Math.Clamp(Math.Max(BandBytes / sizeof(float), sumCount) / perTile, 1, tiles);
        // The last six rows of a point read a few floats beyond its last tile: the next point's, behind the last point Rows more.
        DeviceBuffer memory = device.Pool.Rent(sumCount + (band * perTile) + Rows);
        float* sum = (float*)memory.Address, m = sum + sumCount, v = m + ((long)Points * band * columns);
        new Span<float>(v + ((long)Points * band * channels), Rows).Clear();
        for (int first = 0; first < tiles; first += band)
        {
            int from0 = first, count = Math.Min(band, tiles - first);
            device.Crew.For(count, device.Crew.Grain(count), (from, to) =>
            {
                grid.Input<V>(x, channels, from0 + from, from0 + to, v + ((long)from * channels), (nint)band * channels);
                grid.OutputGradient<V>(gy, from0 + from, from0 + to, m + ((long)from * columns), (nint)band * columns);
            });
            int units = Points * panels * (rows / Rows);
            device.Crew.For(units, device.Crew.Grain(units), (from, to) => Multiply(from, to, v, m, sum, band, count, from0 == 0));
        }
        WinogradFilter.Gradient<V>(device.Crew, sum, (nint)rows * columns, channels, columns, gw);
        memory.Release();
    }

    /// <summary>Where the 36 sums are larger than all transforms and would go to memory and back: those of some rows and a panel stay in L2, over all points and tiles, until they are the gradient.</summary>
    private void FewTiles<V>(float* x, float* gy, float* gw) where V : unmanaged, ILanes<V>
    {
        int channels = g.InChannels, columns = g.OutChannels, tiles = grid.Count;
        // The last six rows read a few floats beyond a tile's channels.
        DeviceBuffer memory = device.Pool.Rent(((long)Points * tiles * (channels + columns)) + Rows);
        float* m = (float*)memory.Address, v = m + ((long)Points * tiles * columns);
        new Span<float>(v + ((long)Points * tiles * channels), Rows).Clear();
        device.Crew.For(tiles, device.Crew.Grain(tiles), (from, to) =>
        {
            grid.Input<V>(x, channels, from, to, v + ((long)from * channels), (nint)tiles * channels);
            grid.OutputGradient<V>(gy, from, to, m + ((long)from * columns), (nint)tiles * columns);
        });
        int groups = (channels + Height - 1) / Height;
        device.Crew.For(groups * panels, device.Crew.Grain(groups * panels), (from, to) =>
        {
            for (int unit = from; unit < to; unit++)
            {
                int first = unit % groups * Height, column = unit / groups * TileKernels.PanelWidth, width = Math.Min(TileKernels.PanelWidth, columns - column), high = Math.Min(Height, channels - first);
                // A line more than the rows, so that a value's 36 points do not share one set of L1.
                nint plane = (Height * width) + TileKernels.PanelWidth;
                float* sum = ThreadScratch.Rent(checked((int)(Points * plane)));
                for (int point = 0; point < Points; point++)
                {
                    float* a = v + ((long)point * tiles * channels) + first, b = m + ((long)point * tiles * columns) + column;
                    for (int row = 0; row < high; row += Rows)
                        TileKernels.SixColumns(width / SimdWidth.Lanes)(Product(a + row, b, tiles, sum + (point * plane) + ((nint)row * width), width, true));
                }
                WinogradFilter.GradientBlock<V>(sum, plane, high, width, gw + ((long)first * columns) + column, columns, (nint)channels * columns);
            }
        });
        memory.Release();
    }

    private TransposedTileArguments Product(float* v, float* m, int count, float* y, nint rowY, bool fresh) => new()
    {
        A = v,
        B = m,
        PixelA = g.InChannels,
        PixelB = g.OutChannels,
        Pixels = count,
        Lines = 1,
        Y = y,
        RowY = rowY,
        Fresh = fresh,
        Ahead = v,
    };

    /// <summary>Six rows of one panel of one point each.</summary>
    private void Multiply(int from, int to, float* v, float* m, float* sum, int band, int count, bool fresh)
    {
        int blocks = rows / Rows, columns = g.OutChannels;
        for (int unit = from; unit < to; unit++)
        {
            int point = unit / (panels * blocks), panel = unit / blocks % panels, row = unit % blocks * Rows, column = panel * TileKernels.PanelWidth;
            TileKernels.SixColumns(Math.Min(TileKernels.PanelWidth, columns - column) / SimdWidth.Lanes)(Product(
                v + ((long)point * band * g.InChannels) + row, m + ((long)point * band * columns) + column, count, sum + ((((long)point * rows) + row) * columns) + column, columns, fresh));
        }
    }
}
