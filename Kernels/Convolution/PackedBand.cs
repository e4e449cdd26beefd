using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// A band of a filter gradient as one thread reads it: some panels of both sides, packed so that a tile reads neighbouring memory, by the thread that multiplies them and in its own memory: what another core has just written
/// comes slowly, and slowest from one that shares no cache. B, what arrives, is [panel][pixel][width]; A, the input, is [panel of <see cref="GradientBands.Panel"/> channels][pixel][channel], of the lines that the band's taps meet.
/// </summary>
internal unsafe struct PackedBand
{
    private readonly GradientBands bands;
    private readonly float* memory;
    private readonly int firstRow;
    private readonly int lastRow;
    private readonly int firstPanel;
    private readonly int lastPanel;
    private GradientBand band;
    private float* a;
    private long linesA;
    private long panelA;
    private long panelB;

    /// <summary>Rows <paramref name="firstRow"/>..<paramref name="lastRow"/>, from a panel's first on, and panels of columns.</summary>
    public PackedBand(GradientBands bands, int firstRow, int lastRow, int firstPanel, int lastPanel, float* memory)
    {
        this.bands = bands;
        this.memory = memory;
        this.firstRow = firstRow;
        this.lastRow = lastRow;
        this.firstPanel = firstPanel;
        this.lastPanel = lastPanel;
        a = memory;
        PixelA = bands.PacksA ? GradientBands.Panel : bands.Geometry.InChannels;
    }

    /// <summary>Floats from one pixel of A to the next.</summary>
    public int PixelA { get; }

    public readonly GradientBand Band => band;

    /// <summary>Floats that <see cref="Pack"/> writes at most for so many rows and panels.</summary>
    public static long Count(GradientBands bands, int rows, int panels)
    {
        (long pixelsIn, long pixelsOut) = bands.LargestPixels;
        return (pixelsOut * panels * TileKernels.PanelWidth) + (bands.PacksA ? pixelsIn * ((rows + GradientBands.Panel - 1) / GradientBands.Panel * GradientBands.Panel) : 0);
    }

    /// <summary>Goes to a band and packs it.</summary>
    public void Pack(GradientBand next)
    {
        band = next;
        linesA = bands.InLines(band.Lines);
        panelA = band.Segments * linesA * bands.InWidth * GradientBands.Panel;
        panelB = (long)band.Segments * band.Lines * bands.OutWidth * TileKernels.PanelWidth;
        a = memory + ((lastPanel - firstPanel) * panelB);
        for (int segment = 0; segment < band.Segments; segment++)
        {
            for (int line = 0; line < band.Lines; line++)
                PackB(segment, band.Line + line);
            for (int line = 0; bands.PacksA && line < linesA; line++)
                PackA(segment, bands.FirstLine(band) + line);
        }
    }

    /// <summary>Channel <paramref name="row"/> of the input pixel.</summary>
    public readonly float* A(int segment, int y, int column, int row)
    {
        if (!bands.PacksA)
            return bands.X + ((((((long)band.Image + segment) * bands.InHeight) + y) * bands.InWidth) + column) * PixelA + row;
        long pixel = (((segment * linesA) + y - bands.FirstLine(band)) * bands.InWidth) + column;
        return a + ((row - firstRow) / GradientBands.Panel * panelA) + (pixel * GradientBands.Panel) + ((row - firstRow) % GradientBands.Panel);
    }

    /// <summary>The first column of a panel at the output pixel.</summary>
    public readonly float* B(int segment, int p, int q, int panel) =>
        memory + ((panel - firstPanel) * panelB) + ((((((long)segment * band.Lines) + p - band.Line) * bands.OutWidth) + q) * Width(panel));

    private readonly int Valid(int panel) => Math.Min(TileKernels.PanelWidth, bands.Columns - (panel * TileKernels.PanelWidth));

    private readonly int Width(int panel) => (Valid(panel) + SimdWidth.Lanes - 1) / SimdWidth.Lanes * SimdWidth.Lanes;

    private readonly void PackB(int segment, int p)
    {
        float* from = bands.Gy + (((((long)band.Image + segment) * bands.OutHeight) + p) * bands.OutWidth * bands.Geometry.OutChannels);
        for (int panel = firstPanel; panel < lastPanel; panel++)
            Copy(from + (panel * TileKernels.PanelWidth), bands.Geometry.OutChannels, Valid(panel), Width(panel), B(segment, p, 0, panel), Width(panel), bands.OutWidth);
    }

    private readonly void PackA(int segment, int y)
    {
        if ((uint)y >= (uint)bands.InHeight)
            return;
        ConvolutionGeometry g = bands.Geometry;
        long source = bands.IsSingle ? ((y / g.OutHeight * (long)g.InHeight) + (y % g.OutHeight * g.StrideY)) * g.InWidth : ((((long)band.Image + segment) * bands.InHeight) + y) * bands.InWidth;
        int step = bands.IsSingle ? g.StrideX * g.InChannels : g.InChannels;
        for (int row = firstRow; row < lastRow; row += GradientBands.Panel)
        {
            int valid = Math.Min(GradientBands.Panel, lastRow - row);
            Copy(bands.X + (source * g.InChannels) + row, step, valid, valid, A(segment, y, 0, row), GradientBands.Panel, bands.InWidth);
        }
    }

    private static void Copy(float* from, nint step, int valid, int filled, float* to, int width, int pixels)
    {
        switch (SimdWidth.Bits)
        {
            case 512:
                Copy<Lanes512>(from, step, valid, filled, to, width, pixels);
                break;
            case 256:
                Copy<Lanes256>(from, step, valid, filled, to, width, pixels);
                break;
            default:
                Copy<Lanes128>(from, step, valid, filled, to, width, pixels);
                break;
        }
    }

    /// <summary>Runs of <paramref name="valid"/> floats, <paramref name="step"/> apart, to places <paramref name="width"/> apart, with zeros up to <paramref name="filled"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<V>(float* from, nint step, int valid, int filled, float* to, int width, int pixels) where V : unmanaged, ILanes<V>
    {
        int whole = valid / V.Count * V.Count;
        for (int pixel = 0; pixel < pixels; pixel++, from += step, to += width)
        {
            for (int c = 0; c < whole; c += V.Count)
                V.Store(V.Load(from + c), to + c);
            for (int c = whole; c < filled; c++)
                to[c] = c < valid ? from[c] : 0;
        }
    }
}
