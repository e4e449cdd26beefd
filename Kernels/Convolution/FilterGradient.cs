using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// gw[r,s,i,o] = Σ over pixels of x·gy on <see cref="TransposedTile{C}"/>: rows are 6 input channels of one tap, columns a panel of output channels, both read in place. Image bands that fit L2 are
/// the outer loop; a unit of work is one tap × 6 channels × one panel, added up by one thread at a time in the order of the bands, so the result does not depend on the thread count.
/// With few input channels a filter row is taken as one tap of S·I channels over a padded copy.
/// </summary>
internal sealed unsafe class FilterGradient
{
    private const int Rows = Tile<Columns1<Lanes128>>.Rows;
    private const int BandBytes = 500_000;

    private readonly CpuDevice device;
    private readonly ConvolutionGeometry g;
    private readonly Tensor x;
    private readonly Tensor gy;
    private readonly float* gw;

    public FilterGradient(CpuDevice device, ConvolutionGeometry geometry, Tensor x, Tensor gy, Tensor gw)
    {
        this.device = device;
        g = geometry;
        this.x = x;
        this.gy = gy;
        this.gw = gw.Pointer;
    }

    public void Run()
    {
        if (gy.Count == 0 || x.Count == 0)
        {
            new Span<float>(gw, checked((int)g.FilterShape.Count)).Clear();
            return;
        }
        int lanes = SimdWidth.Lanes, columns = g.OutChannels / g.Groups, whole = columns / lanes * lanes;
        if (CpuConvolution.ReadsWholeRows(g))
        {
            using PaddedRows rows = PaddedRows.Of(device, g, x);
            var taps = new Tap[g.KernelHeight];
            for (int r = 0; r < taps.Length; r++)
                taps[r] = new Tap((r * g.DilationY) - g.PadTop, 0, r * g.KernelWidth * g.InChannels);
            Run(0, taps, rows.Pointer, rows.Width, g.InChannels, g.KernelWidth * g.InChannels, whole);
        }
        else
        {
            var taps = new Tap[g.KernelHeight * g.KernelWidth];
            for (int t = 0; t < taps.Length; t++)
                taps[t] = new Tap((t / g.KernelWidth * g.DilationY) - g.PadTop, (t % g.KernelWidth * g.DilationX) - g.PadLeft, t * (g.InChannels / g.Groups));
            for (int group = 0; group < g.Groups; group++)
                Run(group, taps, x.Pointer + (group * (g.InChannels / g.Groups)), g.InWidth, g.InChannels, g.InChannels / g.Groups, whole);
        }
    }

    /// <summary>The taps' gradients of one group: <paramref name="length"/> rows each, read from pixels <paramref name="pixelA"/> floats apart in lines of <paramref name="width"/> pixels.</summary>
    private void Run(int group, Tap[] taps, float* source, int width, int pixelA, int length, int whole)
    {
        int columns = g.OutChannels / g.Groups, panelWidth = TileKernels.PanelWidth, lanes = SimdWidth.Lanes;
        var panels = new List<Panel>();
        for (int c = 0; c < whole; c += panelWidth)
        {
            int vectors = Math.Min(panelWidth, whole - c) / lanes;
            panels.Add(new Panel(gy.Pointer + (group * columns) + c, g.OutChannels, c, vectors, vectors * lanes));
        }
        using PaddedColumns edge = whole < columns ? PaddedColumns.Of(device, gy, (group * columns) + whole, columns - whole, lanes) : default;
        if (whole < columns)
            panels.Add(new Panel(edge.Pointer, lanes, whole, 1, columns - whole));

        int blocks = (length + Rows - 1) / Rows, units = taps.Length * blocks * panels.Count;
        int lineBytes = g.OutWidth * (pixelA + g.OutChannels) * sizeof(float);
        int band = Math.Min(Math.Max(BandBytes / Math.Max(lineBytes, 1), 1), g.OutHeight), bands = (g.OutHeight + band - 1) / band;
        for (int image = 0; image < g.Batch; image++)
        {
            for (int b = 0; b < bands; b++)
            {
                int p0 = g.OutHeight * b / bands, p1 = g.OutHeight * (b + 1) / bands;
                bool fresh = image == 0 && b == 0;
                float* a = source + ((long)image * g.InHeight * width * pixelA);
                long firstPixel = (long)image * g.OutHeight * g.OutWidth;
                device.Crew.For(units, device.Crew.Grain(units), (from, to) =>
                {
                    for (int unit = from; unit < to; unit++)
                        Unit(taps[unit % (taps.Length * blocks) / blocks], unit % blocks * Rows, length, panels[unit / (taps.Length * blocks)], group, a, width, pixelA, firstPixel, p0, p1, fresh);
                });
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Unit(Tap tap, int row, int length, Panel panel, int group, float* a, int width, int pixelA, long firstPixel, int p0, int p1, bool fresh)
    {
        // Output lines and columns whose source lies inside the image for this tap.
        (int top, int bottom) = Inside(tap.Y, g.StrideY, g.InHeight, p0, p1);
        (int left, int right) = Inside(tap.X, g.StrideX, width, 0, g.OutWidth);
        int steps = Math.Max(right - left, 0), lines = steps == 0 ? 0 : Math.Max(bottom - top, 0), rows = Math.Min(Rows, length - row);
        float* target = gw + ((tap.Row + (long)row) * g.OutChannels) + (group * (g.OutChannels / g.Groups)) + panel.Column;
        // Six rows at once, the last six overlapping their neighbours where six do not divide the rows; rows that are not this unit's are computed and dropped.
        int skip = rows < Rows && length >= Rows ? Rows - rows : 0;
        bool direct = rows == Rows && panel.Valid == panel.Vectors * SimdWidth.Lanes;
        float* scratch = stackalloc float[Rows * 64];
        int rowY = direct ? g.OutChannels : 64;
        var arguments = new TransposedTileArguments
        {
            A = a + (((((long)top * g.StrideY) + tap.Y) * width) + ((long)left * g.StrideX) + tap.X) * pixelA + row - skip,
            B = panel.B + ((firstPixel + ((long)top * g.OutWidth) + left) * panel.PixelB),
            PixelA = (nint)g.StrideX * pixelA,
            PixelB = panel.PixelB,
            LineA = (nint)g.StrideY * width * pixelA,
            LineB = (nint)g.OutWidth * panel.PixelB,
            Pixels = steps,
            Lines = lines,
            Y = direct ? target : scratch,
            RowY = rowY,
            Fresh = fresh || !direct,
        };
        // Lines without padding and stride follow each other without a gap: one long run.
        if (lines > 1 && arguments.LineA == steps * arguments.PixelA && arguments.LineB == steps * arguments.PixelB)
        {
            arguments.Pixels = steps * lines;
            arguments.Lines = 1;
        }
        if (rows == Rows || skip > 0)
        {
            TileKernels.SixColumns(panel.Vectors)(arguments);
        }
        else
        {
            for (int i = 0; i < rows; i++, arguments.A++, arguments.Y += rowY)
                TileKernels.OneColumn(panel.Vectors)(arguments);
        }
        if (direct)
            return;
        for (int i = 0; i < rows; i++)
        {
            float* from = scratch + ((skip + i) * 64), to = target + ((long)i * g.OutChannels);
            for (int c = 0; c < panel.Valid; c++)
                to[c] = fresh ? from[c] : to[c] + from[c];
        }
    }

    /// <summary>The part of from..to whose index·stride + offset lies in 0..size.</summary>
    private static (int From, int To) Inside(int offset, int stride, int size, int from, int to)
    {
        int first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
        int last = size - 1 - offset < 0 ? -1 : (size - 1 - offset) / stride;
        return (Math.Max(from, first), Math.Min(to, last + 1));
    }

    /// <summary>One tap: its offset from the pixel and its first row in the filter.</summary>
    private readonly record struct Tap(int Y, int X, int Row);

    /// <summary>Some output channels of the arriving gradient.</summary>
    private readonly struct Panel(float* b, int pixelB, int column, int vectors, int valid)
    {
        public float* B { get; } = b;

        public int PixelB { get; } = pixelB;

        public int Column { get; } = column;

        public int Vectors { get; } = vectors;

        public int Valid { get; } = valid;
    }
}
