using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// gw[r,s,i,o] = Σ over pixels of x·gy on <see cref="TransposedTile{C}"/>: rows are 6 input channels of one tap, columns a panel of output channels. Bands of output lines that fit L2 are the outer loop,
/// and both sides of a band are packed first (<see cref="GradientBand"/>): pixels whose channels lie a power of two apart would share a few sets of every cache. A unit of work is one tap × 6 channels ×
/// one panel, added up by one thread at a time in the order of the bands, so the result does not depend on the thread count.
/// With few input channels a filter row is taken as one tap of S·I channels over a padded copy.
/// </summary>
internal sealed unsafe class FilterGradient
{
    private const int Rows = Tile<Columns1<Lanes128>>.Rows;

    // The widest tile.
    private const int ScratchWidth = 64;

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
            Run(0, taps, GradientBand.OfRows(g, rows.Pointer, rows.Width, gy.Pointer), g.KernelWidth * g.InChannels);
        }
        else
        {
            var taps = new Tap[g.KernelHeight * g.KernelWidth];
            for (int t = 0; t < taps.Length; t++)
                taps[t] = new Tap((t / g.KernelWidth * g.DilationY) - g.PadTop, (t % g.KernelWidth * g.DilationX) - g.PadLeft, t * (g.InChannels / g.Groups));
            for (int group = 0; group < g.Groups; group++)
                Run(group, taps, GradientBand.OfPixels(g, group, x.Pointer, gy.Pointer), g.InChannels / g.Groups);
        }
    }

    /// <summary>The taps' gradients of one group: <paramref name="length"/> rows each.</summary>
    private void Run(int group, Tap[] taps, GradientBand band, int length)
    {
        int columns = g.OutChannels / g.Groups, panels = (columns + TileKernels.PanelWidth - 1) / TileKernels.PanelWidth;
        int blocks = (length + Rows - 1) / Rows, units = taps.Length * blocks * panels;
        DeviceBuffer memory = device.Pool.Rent(band.PackedCount);
        while (band.Next())
        {
            band.Pack(device.Crew, (float*)memory.Address);
            device.Crew.For(units, device.Crew.Grain(units), (from, to) =>
            {
                // Here, since the runtime clears it.
                float* scratch = stackalloc float[Rows * ScratchWidth];
                for (int unit = from; unit < to; unit++)
                    Unit(taps[unit % (taps.Length * blocks) / blocks], unit % blocks * Rows, length, unit / (taps.Length * blocks), group, band, scratch);
            });
        }
        memory.Release();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Unit(Tap tap, int row, int length, int panel, int group, GradientBand band, float* scratch)
    {
        int column = panel * TileKernels.PanelWidth, valid = Math.Min(TileKernels.PanelWidth, (g.OutChannels / g.Groups) - column);
        int vectors = (valid + SimdWidth.Lanes - 1) / SimdWidth.Lanes;
        // Six rows at once, the last six of a packed panel overlapping their neighbours where six do not divide it; rows that are not this unit's are computed and dropped.
        int inPanel = row % band.PanelA, panelRows = Math.Min(band.PanelA, length - row + inPanel), rows = Math.Min(Rows, panelRows - inPanel);
        int skip = rows < Rows && panelRows >= Rows ? Rows - rows : 0;
        float* target = gw + ((tap.Row + (long)row) * g.OutChannels) + (group * (g.OutChannels / g.Groups)) + column;
        bool direct = rows == Rows && valid == vectors * SimdWidth.Lanes;
        int rowY = direct ? g.OutChannels : ScratchWidth;
        bool fresh = band.IsFirst || !direct;
        // Output lines and columns whose source lies inside the image for this tap.
        (int top, int bottom) = Inside(tap.Y, band.StrideY, band.InHeight, band.Lines.From, band.Lines.To);
        (int left, int right) = Inside(tap.X, band.StrideX, band.InWidth, 0, band.OutWidth);
        int steps = Math.Max(right - left, 0), lines = steps == 0 ? 0 : Math.Max(bottom - top, 0);
        for (int s = 0; s < band.Segments; s++, fresh = false)
        {
            var arguments = new TransposedTileArguments
            {
                A = lines == 0 ? null : band.A(s, (top * band.StrideY) + tap.Y, (left * band.StrideX) + tap.X, row - skip),
                B = lines == 0 ? null : band.B(s, top, left, panel),
                PixelA = (nint)band.StrideX * band.PixelA,
                PixelB = vectors * SimdWidth.Lanes,
                LineA = (nint)band.StrideY * band.InWidth * band.PixelA,
                LineB = (nint)band.OutWidth * vectors * SimdWidth.Lanes,
                Pixels = steps,
                Lines = lines,
                Y = direct ? target : scratch,
                RowY = rowY,
                Fresh = fresh,
            };
            // Lines without padding and stride follow each other without a gap: one long run.
            if (lines > 1 && arguments.LineA == steps * arguments.PixelA && arguments.LineB == steps * arguments.PixelB)
            {
                arguments.Pixels = steps * lines;
                arguments.Lines = 1;
            }
            if (rows == Rows || skip > 0)
            {
                TileKernels.SixColumns(vectors)(arguments);
                continue;
            }
            for (int i = 0; i < rows; i++, arguments.A++, arguments.Y += rowY)
                TileKernels.OneColumn(vectors)(arguments);
        }
        if (direct)
            return;
        for (int i = 0; i < rows; i++)
        {
            float* from = scratch + ((skip + i) * ScratchWidth), to = target + ((long)i * g.OutChannels);
            for (int c = 0; c < valid; c++)
                to[c] = band.IsFirst ? from[c] : to[c] + from[c];
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
}
