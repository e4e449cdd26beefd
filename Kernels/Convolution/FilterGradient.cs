using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeFree.Kernels;

/// <summary>
/// gw[r,s,i,o] = Σ over pixels of x·gy on <see cref="TransposedTile{C}"/>: rows are 6 input channels of one tap, columns a panel of output channels. Bands of output lines that fit a thread's L2 follow one another, and both sides of
/// a band are packed first (<see cref="PackedBand"/>): pixels whose channels lie a power of two apart would share a few sets of every cache. The bands are cut into strands, as many as the sizes say, each summed up by itself in
/// the order of its bands and then added in their order, so the result does not depend on the thread count. A unit of work is one strand × some rows × some panels: threads share no packed memory.
/// With few input channels a filter row is taken as one tap of S·I channels over a padded copy.
/// </summary>
internal sealed unsafe class FilterGradient
{
    private const int Rows = Tile<Columns1<Lanes128>>.Rows;

    // The widest tile.
    private const int ScratchWidth = 64;

    // A strand's sums are written, read and added to others': worth it where they are as much smaller than what the pixels hold.
    private const int LeastRatio = 8;
    private const int MostStrands = 8;

    // Below so many floats waking another thread takes longer than the work.
    private const int SmallestPiece = 16384;

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
        if (CpuConvolution.ReadsWholeRows(g))
        {
            using PaddedRows rows = PaddedRows.Of(device, g, x);
            var taps = new Tap[g.KernelHeight];
            for (int r = 0; r < taps.Length; r++)
                taps[r] = new Tap((r * g.DilationY) - g.PadTop, 0, r * g.KernelWidth * g.InChannels);
            Run(0, taps, GradientBands.OfRows(g, rows.Pointer, rows.Width, gy.Pointer));
        }
        else
        {
            var taps = new Tap[g.KernelHeight * g.KernelWidth];
            for (int t = 0; t < taps.Length; t++)
                taps[t] = new Tap((t / g.KernelWidth * g.DilationY) - g.PadTop, (t % g.KernelWidth * g.DilationX) - g.PadLeft, t * (g.InChannels / g.Groups));
            for (int group = 0; group < g.Groups; group++)
                Run(group, taps, GradientBands.OfPixels(g, group, x.Pointer, gy.Pointer));
        }
    }

    /// <summary>The taps' gradients of one group.</summary>
    private void Run(int group, Tap[] taps, GradientBands bands)
    {
        long floats = (long)taps.Length * bands.Channels * bands.Columns;
        int strands = 1;
        while (2 * strands <= Math.Min(MostStrands, bands.Count) && bands.Floats / floats >= 2 * strands * LeastRatio)
            strands *= 2;
        int panels = (bands.Columns + TileKernels.PanelWidth - 1) / TileKernels.PanelWidth;
        int panelsA = bands.PacksA ? (bands.Channels + GradientBands.Panel - 1) / GradientBands.Panel : 1;
        // Several threads at one strand share out the longer side and each pack all of the shorter one.
        int wanted = (device.Threads + strands - 1) / strands;
        bool rowsFirst = bands.PacksA && bands.Channels > bands.Columns;
        int most = rowsFirst ? panelsA : panels, first = Math.Min(wanted, most), second = Math.Min((wanted + first - 1) / first, rowsFirst ? panels : panelsA);
        (int rowGroups, int panelGroups) = rowsFirst ? (first, second) : (second, first);
        long filter = g.FilterShape.Count;
        DeviceBuffer? others = strands == 1 ? null : device.Pool.Rent((strands - 1) * filter);
        float* sums = others is null ? null : (float*)others.Address;
        device.Crew.For(strands * rowGroups * panelGroups, 1, (from, to) =>
        {
            // Here, since the runtime clears it.
            float* scratch = stackalloc float[Rows * ScratchWidth];
            for (int unit = from; unit < to; unit++)
            {
                int strand = unit % strands, rows = unit / strands % rowGroups, columns = unit / (strands * rowGroups);
                var part = new Part(
                    Math.Min(Cut(panelsA, rows, rowGroups) * GradientBands.Panel, bands.Channels), bands.PacksA ? Math.Min(Cut(panelsA, rows + 1, rowGroups) * GradientBands.Panel, bands.Channels) : bands.Channels,
                    Cut(panels, columns, panelGroups), Cut(panels, columns + 1, panelGroups));
                Strand(taps, bands, part, Cut(bands.Count, strand, strands), Cut(bands.Count, strand + 1, strands), (strand == 0 ? gw : sums + ((strand - 1) * filter)) + (group * bands.Columns), scratch);
            }
        });
        if (others is null)
            return;
        int lines = taps.Length * bands.Channels;
        device.Crew.For(lines, Math.Max(device.Crew.Grain(lines), 1 + (SmallestPiece / bands.Columns)), (from, to) => Join(from, to, group * bands.Columns, bands.Columns, sums, strands - 1));
        others.Release();
    }

    private static int Cut(int total, int part, int parts) => (int)((long)total * part / parts);

    /// <summary>A part of the sums over the bands from..to, into <paramref name="target"/>.</summary>
    private void Strand(Tap[] taps, GradientBands bands, Part part, int from, int to, float* target, float* scratch)
    {
        float* memory = ThreadScratch.Rent(checked((int)PackedBand.Count(bands, part.LastRow - part.FirstRow, part.LastPanel - part.FirstPanel)));
        var band = new PackedBand(bands, part.FirstRow, part.LastRow, part.FirstPanel, part.LastPanel, memory);
        bool whole = g.Groups == 1 && part.FirstRow == 0 && part.LastRow == bands.Channels && part.FirstPanel == 0 && part.LastPanel * TileKernels.PanelWidth >= bands.Columns;
        for (int index = from; index < to; index++)
        {
            band.Pack(bands[index]);
            // The next band's pixels lie in memory; the products of this one ask for them.
            var ahead = new BandAhead(bands, whole && index + 1 < to ? bands[index + 1] : default, Steps(taps.Length, bands, part, band.Band));
            for (int row = part.FirstRow; row < part.LastRow; row += PanelRows(bands))
            {
                Part rows = part with { FirstRow = row, LastRow = Math.Min(part.LastRow, row + PanelRows(bands)) };
                for (int panel = part.FirstPanel; panel < part.LastPanel; panel++)
                {
                    foreach (Tap tap in taps)
                        Column(tap, panel, bands, rows, band, index == from, target, scratch, ref ahead);
                }
            }
        }
    }

    // Rows that are packed beside each other: they stay in L2 while all panels and taps meet them.
    private static int PanelRows(GradientBands bands) => bands.PacksA ? GradientBands.Panel : bands.Channels;

    // Pixels of all tiles of a band, about.
    private static long Steps(int taps, GradientBands bands, Part part, GradientBand band) =>
        (long)taps * (part.LastPanel - part.FirstPanel) * ((part.LastRow - part.FirstRow + Rows - 1) / Rows) * band.Segments * band.Lines * bands.OutWidth;

    /// <summary>A part's rows of one tap and panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Column(Tap tap, int panel, GradientBands bands, Part part, in PackedBand band, bool isFirst, float* sums, float* scratch, ref BandAhead ahead)
    {
        int column = panel * TileKernels.PanelWidth, valid = Math.Min(TileKernels.PanelWidth, bands.Columns - column), vectors = (valid + SimdWidth.Lanes - 1) / SimdWidth.Lanes;
        // Output lines and columns whose source lies inside the image for this tap.
        (int top, int bottom) = Inside(tap.Y, bands.StrideY, bands.InHeight, band.Band.Line, band.Band.Line + band.Band.Lines);
        (int left, int right) = Inside(tap.X, bands.StrideX, bands.InWidth, 0, bands.OutWidth);
        int steps = Math.Max(right - left, 0), lines = steps == 0 ? 0 : Math.Max(bottom - top, 0);
        var arguments = new TransposedTileArguments
        {
            PixelA = (nint)bands.StrideX * band.PixelA,
            PixelB = vectors * SimdWidth.Lanes,
            LineA = (nint)bands.StrideY * bands.InWidth * band.PixelA,
            LineB = (nint)bands.OutWidth * vectors * SimdWidth.Lanes,
            Pixels = steps,
            Lines = lines,
        };
        // Lines without padding and stride follow each other without a gap: one long run.
        if (lines > 1 && arguments.LineA == steps * arguments.PixelA && arguments.LineB == steps * arguments.PixelB)
        {
            arguments.Pixels = steps * lines;
            arguments.Lines = 1;
        }
        var six = TileKernels.SixColumns(vectors);
        var one = TileKernels.OneColumn(vectors);
        int panelRows = part.LastRow - part.FirstRow;
        for (int row = part.FirstRow; row < part.LastRow; row += Rows)
        {
            // Six rows at once, the last six of a packed panel overlapping their neighbours where six do not divide it; rows that are not this block's are computed and dropped.
            int rows = Math.Min(Rows, part.LastRow - row), skip = rows < Rows && panelRows >= Rows ? Rows - rows : 0;
            float* target = sums + ((tap.Row + (long)row) * g.OutChannels) + column;
            bool direct = rows == Rows && valid == vectors * SimdWidth.Lanes;
            arguments.RowY = direct ? g.OutChannels : ScratchWidth;
            arguments.Fresh = isFirst || !direct;
            for (int s = 0; s < band.Band.Segments; s++, arguments.Fresh = false)
            {
                arguments.A = lines == 0 ? null : band.A(s, (top * bands.StrideY) + tap.Y, (left * bands.StrideX) + tap.X, row - skip);
                arguments.B = lines == 0 ? null : band.B(s, top, left, panel);
                arguments.Y = direct ? target : scratch;
                if (rows == Rows || skip > 0)
                {
                    arguments.Ahead = ahead.At(arguments.A);
                    arguments.Pace = ahead.Pace;
                    six(arguments);
                    ahead.Pass(arguments.Pixels * arguments.Lines);
                    continue;
                }
                for (int i = 0; i < rows; i++, arguments.A++, arguments.Y += ScratchWidth)
                    one(arguments);
            }
            for (int i = 0; !direct && i < rows; i++)
                Store(scratch + ((skip + i) * ScratchWidth), target + ((long)i * g.OutChannels), valid, isFirst);
        }
    }

    /// <summary>Copies what was computed beside, or adds it.</summary>
    private static void Store(float* from, float* to, int count, bool isFirst)
    {
        int c = 0;
        for (; c + Vector128<float>.Count <= count; c += Vector128<float>.Count)
            (isFirst ? Vector128.Load(from + c) : Vector128.Load(to + c) + Vector128.Load(from + c)).Store(to + c);
        for (; c < count; c++)
            to[c] = isFirst ? from[c] : to[c] + from[c];
    }

    /// <summary>Adds the other strands' sums of the filter's rows from..to, in their order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Join(int from, int to, int column, int columns, float* sums, int others)
    {
        long filter = g.FilterShape.Count;
        for (int row = from; row < to; row++)
        {
            long at = ((long)row * g.OutChannels) + column;
            for (int s = 0; s < others; s++)
                Store(sums + (s * filter) + at, gw + at, columns, false);
        }
    }

    /// <summary>The part of from..to whose index·stride + offset lies in 0..size.</summary>
    private static (int From, int To) Inside(int offset, int stride, int size, int from, int to)
    {
        int first = offset >= 0 ? 0 : (-offset + stride - 1) / stride;
        int last = size - 1 - offset < 0 ? -1 : (size - 1 - offset) / stride;
        return (Math.Max(from, first), Math.Min(to, last + 1));
    }

    /// <summary>Rows of every tap, from a packed panel's first on, and panels of columns.</summary>
    private readonly record struct Part(int FirstRow, int LastRow, int FirstPanel, int LastPanel);

    /// <summary>One tap: its offset from the pixel and its first row in the filter.</summary>
    private readonly record struct Tap(int Y, int X, int Row);
}
