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

    /// <summary>Six rows of one panel of one point each.</summary>
    private void Multiply(int from, int to, float* v, float* m, float* sum, int band, int count, bool fresh)
    {
        int blocks = rows / Rows, columns = g.OutChannels;
        for (int unit = from; unit < to; unit++)
        {
            int point = unit / (panels * blocks), panel = unit / blocks % panels, row = unit % blocks * Rows, column = panel * TileKernels.PanelWidth;
            TileKernels.SixColumns(Math.Min(TileKernels.PanelWidth, columns - column) / SimdWidth.Lanes)(new TransposedTileArguments
            {
                A = v + ((long)point * band * g.InChannels) + row,
                B = m + ((long)point * band * columns) + column,
                PixelA = g.InChannels,
                PixelB = columns,
                Pixels = count,
                Lines = 1,
                Y = sum + ((((long)point * rows) + row) * columns) + column,
                RowY = columns,
                Fresh = fresh,
            });
        }
    }
}
