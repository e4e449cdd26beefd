using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeFree.Kernels;

/// <summary>
/// Runs a <see cref="GatherPlan"/> on the tile kernels: rows are destination pixels read in place through pointers (no im2col, activations are never packed), columns destination channels.
/// Cache plan: a block of at most <see cref="BlockK"/> k × 64 columns of the filter (256 KiB) stays in L2 while a block of pixels runs through it. Work is cut into pixel blocks × panel groups.
/// </summary>
internal sealed unsafe partial class GatherConvolution
{
    private const int Rows = Tile<Columns1<Lanes128>>.Rows;

    // 1024 · 64 floats = 256 KiB: a quarter of the 1 MiB L2 of the smaller current server cores.
    private const int BlockK = 1024;
    private const int BlockTaps = 64;

    // Panels that a tile meets one after the other while it is in L1, so that its pixels are written (and their addends read) in long runs; their filters share the 256 KiB.
    private const int Beside = 16;

    // The pixels of a block stay in L2 while the filter passes.
    private static readonly int PixelBytes = (int)(0.4 * SecondCache.Bytes);

    // Below this many operations waking another thread costs more than it saves.
    private const long WorthSharing = 400_000;

    private readonly CpuDevice device;
    private readonly GatherPlan plan;
    private readonly FilterPanels[] filters;
    private readonly float* source;
    private readonly float* destination;
    private readonly float* bias;
    private readonly float* addend;
    private readonly float lower;
    private readonly bool? panelsFirst;
    private readonly PreparedConvolution? following;

    public GatherConvolution(CpuDevice device, GatherPlan plan, FilterPanels filter, float* source, float* destination, in Epilogue epilogue)
        : this(device, plan, [filter], source, destination, epilogue.Bias is { } b ? b.Pointer : null, epilogue.Addend is { } a ? a.Pointer : null, epilogue.Relu)
    {
    }

    /// <summary>The general form: one set of panels for every phase, or one each where they are packed. Shares out panels or pixels first; null: as their sizes say. What follows is asked for at the end.</summary>
    public GatherConvolution(CpuDevice device, GatherPlan plan, FilterPanels[] filters, float* source, float* destination, float* bias, float* addend, bool relu, bool? panelsFirst = null, PreparedConvolution? following = null)
    {
        this.device = device;
        this.plan = plan;
        this.filters = filters;
        this.source = source;
        this.destination = destination;
        this.bias = bias;
        this.addend = addend;
        lower = relu ? 0 : float.NegativeInfinity;
        this.panelsFirst = panelsFirst;
        this.following = following;
    }

    /// <summary>What a thread reads first of a packed filter, in the first phase and group.</summary>
    public FilterPiece First(int thread)
    {
        GatherPlan.Phase phase = plan.Phases[0];
        long pixels = (long)plan.Batch * phase.Rows * phase.Columns;
        if (pixels == 0 || filters[0].Columns == 0)
            return default;
        (int pixelBlocks, int panelGroups) = Cut(phase, filters[0], pixels);
        int units = pixelBlocks * panelGroups, unit = device.Crew.First(thread, units);
        return unit < units ? First(phase, filters[0], 0, Blocks(phase.Taps.Length)[0], unit % panelGroups, panelGroups) : default;
    }

    public void Run()
    {
        for (int i = 0; i < plan.Phases.Length; i++)
        {
            GatherPlan.Phase phase = plan.Phases[i];
            FilterPanels filter = filters[Math.Min(i, filters.Length - 1)];
            long pixels = (long)plan.Batch * phase.Rows * phase.Columns;
            // Pixels that no tap reaches hold their sum already where that is added to in place.
            if (pixels == 0 || filter.Columns == 0 || (phase.Taps.Length == 0 && addend == destination && bias == null && float.IsNegativeInfinity(lower)))
                continue;
            (int pixelBlocks, int panelGroups) = Cut(phase, filter, pixels);
            DeviceBuffer? packed = null;
            if (filter.Packed == null && filter.Halves == null && pixelBlocks > 1)
            {
                // Else every block of pixels would pack the filter again.
                packed = device.Pool.Rent(filter.PackedCount(plan.Groups, (long)phase.Taps.Length * plan.Length));
                filter.PackAll(device.Crew, plan.Groups, phase.Taps, plan.Length, (float*)packed.Address);
                filter = filter with { Packed = (float*)packed.Address };
            }
            List<Block> blocks = Blocks(phase.Taps.Length);
            for (int group = 0; group < plan.Groups; group++)
                Run(phase, filter, group, blocks, Tiles(pixels), pixelBlocks, panelGroups);
            packed?.Release();
        }
    }

    /// <summary>Cuts the taps and their k into pieces of at most <see cref="BlockK"/>.</summary>
    private List<Block> Blocks(int taps)
    {
        var blocks = new List<Block>();
        if (plan.Length > BlockK)
        {
            int parts = (plan.Length + BlockK - 1) / BlockK, step = (plan.Length + parts - 1) / parts;
            for (int t = 0; t < taps; t++)
            {
                for (int k = 0; k < plan.Length; k += step)
                    blocks.Add(new Block(t, t + 1, k, Math.Min(k + step, plan.Length)));
            }
        }
        else
        {
            int most = Math.Min(BlockTaps, BlockK / Math.Max(plan.Length, 1)), parts = Math.Max((taps + most - 1) / most, 1), step = Math.Max((taps + parts - 1) / parts, 1);
            for (int t = 0; t < taps; t += step)
                blocks.Add(new Block(t, Math.Min(t + step, taps), 0, plan.Length));
        }
        // Pixels that no tap reaches still get their epilogue.
        if (blocks.Count == 0)
            blocks.Add(new Block(0, 0, 0, 0));
        return blocks;
    }

    private static int Tiles(long pixels) => checked((int)((pixels + Rows - 1) / Rows));

    /// <summary>Whether a filter has more values than the source that it meets.</summary>
    public static bool FilterIsLarger(GatherPlan plan, GatherPlan.Phase phase, FilterPanels filter) =>
        (long)phase.Taps.Length * plan.Length * filter.Columns > (long)plan.Batch * phase.Rows * phase.Columns * plan.Length * plan.MoveY * plan.MoveX;

    /// <summary>
    /// How many blocks the tiles are cut into and how many groups the panels: whichever of filter and source is larger is read by one thread only. Each thread gets as many units, where there are pixels enough: of fifteen
    /// one of two threads would get eight.
    /// </summary>
    private (int PixelBlocks, int PanelGroups) Cut(GatherPlan.Phase phase, FilterPanels filter, long pixels)
    {
        int tiles = Tiles(pixels), panels = filter.Panels;
        long k = (long)phase.Taps.Length * plan.Length;
        int keep = (PixelBytes / (Rows * sizeof(float) * Math.Clamp(plan.Length, 1, BlockK) * (phase.Taps.Length > 1 ? 3 : 1))) + 1;
        int units = 2 * pixels * filter.Columns * k < WorthSharing ? 1 : device.Threads == 1 ? 1 : 4 * device.Threads;
        int panelGroups, pixelBlocks;
        if (panelsFirst ?? FilterIsLarger(plan, phase, filter))
        {
            panelGroups = Math.Min(panels, units);
            pixelBlocks = Math.Max((units + panelGroups - 1) / panelGroups, (tiles + keep - 1) / keep);
        }
        else
        {
            pixelBlocks = Math.Max(Math.Min(units, tiles), (tiles + keep - 1) / keep);
            panelGroups = Math.Min(panels, (units + pixelBlocks - 1) / pixelBlocks);
        }
        if (units > 1)
        {
            while (pixelBlocks * panelGroups % device.Threads != 0)
                pixelBlocks++;
        }
        return (Math.Min(pixelBlocks, tiles), panelGroups);
    }

    private void Run(GatherPlan.Phase phase, FilterPanels filter, int group, List<Block> blocks, int tiles, int pixelBlocks, int panelGroups) =>
        device.Crew.For(pixelBlocks * panelGroups, 1, (from, to) =>
        {
            for (int unit = from; unit < to; unit++)
            {
                int block = unit / panelGroups, panelGroup = unit % panelGroups;
                // This thread is likely to go on with its share's next unit, and behind the last with its share of the convolution that follows.
                int units = pixelBlocks * panelGroups, thread = device.Crew.Owner(unit, units);
                FilterPiece after = unit + 1 < device.Crew.First(thread + 1, units) ? First(phase, filter, group, blocks[0], (unit + 1) % panelGroups, panelGroups)
                    : following is not null && group == plan.Groups - 1 && phase == plan.Phases[^1] ? following.First(thread)
                    : default;
                Unit(
                    phase, filter, group, blocks, Cut(tiles, block, pixelBlocks), Cut(tiles, block + 1, pixelBlocks), Cut(filter.Panels, panelGroup, panelGroups),
                    Cut(filter.Panels, panelGroup + 1, panelGroups), after);
            }
        });

    // Larger parts first: when they are handed out one by one, nobody waits at the end for one that is larger than the others.
    private static int Cut(int total, int part, int parts) => (total / parts * part) + Math.Min(part, total % parts);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Unit(GatherPlan.Phase phase, FilterPanels filter, int group, List<Block> blocks, int firstTile, int lastTile, int firstPanel, int lastPanel, FilterPiece after)
    {
        int panelWidth = TileKernels.PanelWidth;
        float** a = stackalloc float*[BlockTaps * Rows];
        float** y = stackalloc float*[Rows];
        float** from = stackalloc float*[Rows];
        float** packed = stackalloc float*[Beside];
        float** start = stackalloc float*[Beside];
        nint* near = stackalloc nint[BlockTaps];
        float* edge = stackalloc float[((2 * Rows) + 1) * panelWidth];
        float* edgeBias = edge + (2 * Rows * panelWidth);
        float* scratch = filter.Packed == null ? ThreadScratch.Rent(BlockK * panelWidth) : null;
        long k = (long)phase.Taps.Length * plan.Length;
        ReadOnlySpan<Block> all = CollectionsMarshal.AsSpan(blocks);
        for (int n = 0; n < all.Length; n++)
        {
            Block block = all[n];
            bool first = n == 0;
            float floor = n == all.Length - 1 ? lower : float.NegativeInfinity;
            int taps = block.LastTap - block.FirstTap, length = block.LastK - block.FirstK;
            for (int t = 0; t < taps; t++)
                near[t] = (((nint)phase.OffsetY[block.FirstTap + t] * plan.SourceWidth) + phase.OffsetX[block.FirstTap + t]) * plan.SourceChannels;
            var reach = new Reach(plan, phase, block);
            int beside = PanelsBeside(block);
            for (int panel = firstPanel; panel < lastPanel; panel += beside)
            {
                int count = Math.Min(beside, lastPanel - panel), column = (group * filter.Columns) + (panel * panelWidth);
                for (int p = 0; p < count; p++)
                {
                    int width = filter.Vectors(panel + p) * SimdWidth.Lanes, valid = filter.Valid(panel + p);
                    if (scratch == null)
                    {
                        packed[p] = Piece(filter, group, panel + p, 1, block, k).At;
                    }
                    else
                    {
                        packed[p] = scratch + ((long)p * taps * length * panelWidth);
                        if (filter.Halves != null)
                            HalfFloats.Decode(filter.Halves + filter.Offset(group, panel + p, k) + ((((long)block.FirstTap * plan.Length) + block.FirstK) * width), (long)taps * length * width, filter.HalfScale, packed[p]);
                        else
                            filter.Pack(group, panel + p, phase.Taps.AsSpan(block.FirstTap, taps), block.FirstK, block.LastK, packed[p]);
                    }
                    start[p] = first && bias != null ? bias + column + (p * panelWidth) : ThreadScratch.Zeros;
                    if (start[p] != ThreadScratch.Zeros && valid < width)
                    {
                        new ReadOnlySpan<float>(start[p], valid).CopyTo(new Span<float>(edgeBias, valid));
                        new Span<float>(edgeBias + valid, width - valid).Clear();
                        start[p] = edgeBias;
                    }
                }
                // The filter's next piece is far away when its first tile comes; each tile before it asks for a part of it.
                FilterPiece wanted = panel + beside < lastPanel ? Piece(filter, group, panel + beside, Math.Min(beside, lastPanel - panel - beside), block, k)
                    : n + 1 < all.Length ? Piece(filter, group, firstPanel, Math.Min(PanelsBeside(all[n + 1]), lastPanel - firstPanel), all[n + 1], k)
                    : after;
                float* next = wanted.At, end = next + wanted.Floats;
                int pace = TileKernels.Pace(wanted.Floats, (long)taps * length * count * (lastTile - firstTile));
                bool adds = !first || addend != null;
                for (int tile = firstTile; tile < lastTile; tile++)
                {
                    int rows = Point(phase, group, block, tile, near, reach, a, y, from, column, first);
                    for (int p = 0; p < count; p++)
                    {
                        int vectors = filter.Vectors(panel + p), width = vectors * SimdWidth.Lanes, valid = filter.Valid(panel + p);
                        var kernel = TileKernels.Rows(rows, vectors);
                        if (valid == width)
                            kernel(a, taps, length, packed[p], width, y, adds ? from : null, start[p], floor, next, pace);
                        else
                            Overhanging(kernel, a, taps, length, packed[p], width, valid, rows, y, adds ? from : null, start[p], floor, next, pace, edge);
                        if (next != null && (next += (long)taps * length * pace) >= end)
                            next = null;
                        for (int i = 0; i < Rows; i++)
                        {
                            y[i] += panelWidth;
                            from[i] += panelWidth;
                        }
                    }
                }
            }
        }
    }

    /// <summary>What one of so many groups of panels reads first.</summary>
    private FilterPiece First(GatherPlan.Phase phase, in FilterPanels filter, int group, Block block, int panelGroup, int panelGroups)
    {
        int panel = Cut(filter.Panels, panelGroup, panelGroups), count = Math.Min(PanelsBeside(block), Cut(filter.Panels, panelGroup + 1, panelGroups) - panel);
        return Piece(filter, group, panel, count, block, (long)phase.Taps.Length * plan.Length);
    }

    private static int PanelsBeside(Block block) => Math.Clamp(BlockK / Math.Max((block.LastTap - block.FirstTap) * (block.LastK - block.FirstK), 1), 1, Beside);

    /// <summary>The packed filter of some panels for a block of k, from the first panel's first value to the last's last; none where the filter is not packed.</summary>
    private FilterPiece Piece(in FilterPanels filter, int group, int panel, int count, Block block, long k)
    {
        if (filter.Packed == null)
            return default;
        int width = filter.Vectors(panel) * SimdWidth.Lanes, last = panel + count - 1;
        long from = filter.Offset(group, panel, k), skipped = ((long)block.FirstTap * plan.Length) + block.FirstK, depth = (long)(block.LastTap - block.FirstTap) * (block.LastK - block.FirstK);
        long to = filter.Offset(group, last, k) + ((skipped + depth) * filter.Vectors(last) * SimdWidth.Lanes);
        return new FilterPiece(filter.Packed + from + (skipped * width), to - from - (skipped * width));
    }

    /// <summary>A tile whose last vector hangs over the end of the row: computed beside, in <paramref name="edge"/>; the columns that exist are copied.</summary>
    private static void Overhanging(delegate*<float**, int, int, float*, int, float**, float**, float*, float, float*, int, void> kernel, float** a, int taps, int length, float* packed, int width, int valid,
        int rows, float** y, float** from, float* start, float floor, float* ahead, int pace, float* edge)
    {
        float** edgeRows = stackalloc float*[2 * Rows];
        for (int i = 0; i < 2 * Rows; i++)
            edgeRows[i] = edge + (i * TileKernels.PanelWidth);
        for (int i = 0; from != null && i < Rows; i++)
            new ReadOnlySpan<float>(from[i], valid).CopyTo(new Span<float>(edgeRows[Rows + i], valid));
        kernel(a, taps, length, packed, width, edgeRows, from == null ? null : edgeRows + Rows, start, floor, ahead, pace);
        for (int i = 0; i < rows; i++)
            new ReadOnlySpan<float>(edgeRows[i], valid).CopyTo(new Span<float>(y[i], valid));
    }

    /// <summary>Taps FirstTap..LastTap of a phase and k FirstK..LastK of each.</summary>
    private readonly record struct Block(int FirstTap, int LastTap, int FirstK, int LastK);
}
