using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// A band of output lines of a filter gradient: some lines of one image, or several whole images where they are small, with both sides packed so that a tile reads neighbouring memory. B, what arrives, is
/// [panel][pixel][width]; A, the input, is [panel of <see cref="PanelA"/> channels][pixel][channel], of the lines that the band's taps meet. A 1×1 filter without padding meets single pixels: then
/// only those are packed, and all images are one tall one. Rows of a padded copy (few channels) are read where they are.
/// </summary>
internal sealed unsafe class GradientBand
{
    // Packed bytes of a band, as far as its pixels stay within the two bounds: shorter bands read and write the gradients too often, longer ones have panels of B that leave L2 no room.
    private const long BandBytes = 1_000_000;
    private const int FewestPixels = 256;
    private const int MostPixels = 1024;

    // Eight blocks of six rows, and three vectors of 512 bits.
    private const int Panel = 48;

    private readonly ConvolutionGeometry g;
    private readonly float* x;
    private readonly float* gy;
    private readonly int channels;
    private readonly int columns;
    private readonly bool single;
    private readonly bool packsA;
    private readonly int images;
    private readonly int outHeight;
    private readonly int linesAtMost;
    private readonly int imagesAtMost;
    private readonly int reach;
    private readonly int panelsA;

    private int image;
    private int line;
    private int count;
    private int segments;
    private float* a;
    private float* b;

    private GradientBand(ConvolutionGeometry geometry, float* x, float* gy, bool packsA, int inWidth)
    {
        g = geometry;
        this.x = x;
        this.gy = gy;
        this.packsA = packsA;
        channels = g.InChannels / g.Groups;
        columns = g.OutChannels / g.Groups;
        single = packsA && g is { KernelHeight: 1, KernelWidth: 1, PadTop: 0, PadLeft: 0 } && (g.OutHeight - 1) * g.StrideY < g.InHeight && (g.OutWidth - 1) * g.StrideX < g.InWidth;
        images = single ? 1 : g.Batch;
        outHeight = single ? checked(g.Batch * g.OutHeight) : g.OutHeight;
        InHeight = single ? outHeight : g.InHeight;
        InWidth = single ? g.OutWidth : inWidth;
        StrideY = single ? 1 : g.StrideY;
        StrideX = single ? 1 : g.StrideX;
        PanelA = packsA ? Panel : int.MaxValue;
        PixelA = packsA ? Panel : g.InChannels;
        panelsA = (channels + Panel - 1) / Panel;
        reach = ((g.KernelHeight - 1) * g.DilationY) + 1;
        long perPixel = sizeof(float) * (((long)channels * StrideY * StrideX) + columns);
        int pixels = (int)Math.Clamp(BandBytes / perPixel, FewestPixels, MostPixels);
        int perImage = checked(outHeight * OutWidth);
        linesAtMost = Math.Clamp(pixels / OutWidth, 1, outHeight);
        imagesAtMost = Math.Clamp(pixels / perImage, 1, images);
    }

    /// <summary>Channels of a packed panel of A; all where A is not packed.</summary>
    public int PanelA { get; }

    /// <summary>Floats from one pixel of A to the next.</summary>
    public int PixelA { get; }

    public int StrideY { get; }

    public int StrideX { get; }

    public int InHeight { get; }

    public int InWidth { get; }

    public int OutWidth => g.OutWidth;

    /// <summary>Pieces of the band, one an image.</summary>
    public int Segments => segments;

    /// <summary>Whether this is the first band of all.</summary>
    public bool IsFirst => image == 0 && line == 0;

    /// <summary>Floats that <see cref="Pack"/> writes at most.</summary>
    public long PackedCount => ((long)imagesAtMost * linesAtMost * OutWidth * PaddedColumns) + (packsA ? (long)imagesAtMost * InLines(linesAtMost) * InWidth * panelsA * Panel : 0);

    private int PaddedColumns => (columns + SimdWidth.Lanes - 1) / SimdWidth.Lanes * SimdWidth.Lanes;

    /// <summary>Bands over pixels of x, one group's channels.</summary>
    public static GradientBand OfPixels(ConvolutionGeometry g, int group, float* x, float* gy) =>
        new(g, x + (group * (g.InChannels / g.Groups)), gy + (group * (g.OutChannels / g.Groups)), true, g.InWidth);

    /// <summary>Bands over a copy of x padded to <paramref name="width"/> columns.</summary>
    public static GradientBand OfRows(ConvolutionGeometry g, float* rows, int width, float* gy) => new(g, rows, gy, false, width);

    /// <summary>Goes on to the next band, first to the first; false after the last.</summary>
    public bool Next()
    {
        if (segments > 0)
        {
            line += count;
            if (line == outHeight)
            {
                line = 0;
                image += segments;
            }
        }
        if (image == images)
            return false;
        count = Math.Min(linesAtMost, outHeight - line);
        segments = count == outHeight ? Math.Min(imagesAtMost, images - image) : 1;
        return true;
    }

    /// <summary>The output lines of each piece.</summary>
    public (int From, int To) Lines => (line, line + count);

    /// <summary>Channel <paramref name="row"/> of the input pixel.</summary>
    public float* A(int segment, int y, int column, int row)
    {
        if (!packsA)
            return x + ((((((long)image + segment) * InHeight) + y) * InWidth) + column) * PixelA + row;
        long pixel = ((((long)segment * InLines(count)) + y - FirstLine) * InWidth) + column;
        return a + ((((row / Panel) * (long)segments * InLines(count) * InWidth) + pixel) * Panel) + (row % Panel);
    }

    /// <summary>The first column of a panel at the output pixel.</summary>
    public float* B(int segment, int p, int q, int panel)
    {
        int width = Width(panel);
        return b + ((long)panel * TileKernels.PanelWidth * segments * count * OutWidth) + ((((((long)segment * count) + p - line) * OutWidth) + q) * width);
    }

    /// <summary>Packs the band into <paramref name="memory"/>.</summary>
    public void Pack(WorkCrew crew, float* memory)
    {
        b = memory;
        a = memory + ((long)segments * count * OutWidth * PaddedColumns);
        int linesB = segments * count, linesA = packsA ? segments * InLines(count) : 0;
        crew.For(linesB + linesA, crew.Grain(linesB + linesA), (from, to) =>
        {
            for (int i = from; i < to; i++)
            {
                if (i < linesB)
                    PackB(i / count, line + (i % count));
                else
                    PackA((i - linesB) / InLines(count), FirstLine + ((i - linesB) % InLines(count)));
            }
        });
    }

    // The input lines that the band's taps may meet; those outside the image are never read.
    private int FirstLine => single ? line : (line * StrideY) - g.PadTop;

    private int InLines(int outLines) => single ? outLines : ((outLines - 1) * StrideY) + reach;

    private int Width(int panel) => (Math.Min(TileKernels.PanelWidth, columns - (panel * TileKernels.PanelWidth)) + SimdWidth.Lanes - 1) / SimdWidth.Lanes * SimdWidth.Lanes;

    private void PackB(int segment, int p)
    {
        float* from = gy + (((((long)image + segment) * outHeight) + p) * OutWidth * g.OutChannels);
        for (int panel = 0; panel * TileKernels.PanelWidth < columns; panel++)
            Copy(from + (panel * TileKernels.PanelWidth), g.OutChannels, Math.Min(TileKernels.PanelWidth, columns - (panel * TileKernels.PanelWidth)), Width(panel), B(segment, p, 0, panel), Width(panel), OutWidth);
    }

    private void PackA(int segment, int y)
    {
        if ((uint)y >= (uint)InHeight)
            return;
        long source = single ? ((y / g.OutHeight * (long)g.InHeight) + (y % g.OutHeight * g.StrideY)) * g.InWidth : ((((long)image + segment) * InHeight) + y) * InWidth;
        int step = single ? g.StrideX * g.InChannels : g.InChannels;
        for (int panel = 0; panel < panelsA; panel++)
        {
            int valid = Math.Min(Panel, channels - (panel * Panel));
            Copy(x + (source * g.InChannels) + (panel * Panel), step, valid, valid, A(segment, y, 0, panel * Panel), Panel, InWidth);
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
