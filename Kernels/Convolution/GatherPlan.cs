namespace NativeFree.Kernels;

/// <summary>
/// A convolution as a gather: every destination pixel sums, over some taps, a source pixel's channels times that tap's filter. Forward passes and input gradients (transposed convolutions) are both of
/// this form. With stride s an input gradient falls into s×s interleaved sub-grids of destination pixels, its phases, each of which meets its own taps only.
/// Destination pixel (Y0 + i·StepY, X0 + j·StepX) reads source pixel (i·MoveY + OffsetY[t], j·MoveX + OffsetX[t]); outside the source there are zeros.
/// </summary>
internal sealed record GatherPlan
{
    public required int Batch { get; init; }

    public required int SourceHeight { get; init; }

    public required int SourceWidth { get; init; }

    public required int SourceChannels { get; init; }

    public required int DestinationHeight { get; init; }

    public required int DestinationWidth { get; init; }

    /// <summary>Floats from one destination pixel to the next: its channels, or more where it is written beside others.</summary>
    public required int DestinationChannels { get; init; }

    public required int Groups { get; init; }

    /// <summary>Floats one tap reads from the source: the channels of a group, or a whole filter row where neighbouring taps are contiguous.</summary>
    public required int Length { get; init; }

    public required int StepY { get; init; }

    public required int StepX { get; init; }

    public required int MoveY { get; init; }

    public required int MoveX { get; init; }

    public required Phase[] Phases { get; init; }

    /// <summary>One sub-grid of destination pixels and the taps it meets; <see cref="Taps"/> are indices r·S + s into the filter.</summary>
    internal sealed record Phase(int Y0, int X0, int Rows, int Columns, int[] Taps, int[] OffsetY, int[] OffsetX);

    /// <summary>The forward pass, one tap a filter element.</summary>
    public static GatherPlan Forward(ConvolutionGeometry g)
    {
        int taps = g.KernelHeight * g.KernelWidth;
        int[] index = new int[taps], y = new int[taps], x = new int[taps];
        for (int t = 0; t < taps; t++)
        {
            index[t] = t;
            y[t] = (t / g.KernelWidth * g.DilationY) - g.PadTop;
            x[t] = (t % g.KernelWidth * g.DilationX) - g.PadLeft;
        }
        return Of(g, g.InWidth, g.InChannels / g.Groups, new Phase(0, 0, g.OutHeight, g.OutWidth, index, y, x));
    }

    /// <summary>The forward pass over a source already padded left and right to <paramref name="paddedWidth"/> columns: one tap a filter row, S·I contiguous floats long.</summary>
    public static GatherPlan ForwardByRows(ConvolutionGeometry g, int paddedWidth)
    {
        int[] index = new int[g.KernelHeight], y = new int[g.KernelHeight];
        for (int r = 0; r < g.KernelHeight; r++)
        {
            index[r] = r;
            y[r] = (r * g.DilationY) - g.PadTop;
        }
        return Of(g, paddedWidth, g.KernelWidth * g.InChannels, new Phase(0, 0, g.OutHeight, g.OutWidth, index, y, new int[g.KernelHeight]));
    }

    /// <summary>The input gradient: the source is the arriving gradient, the destination the input.</summary>
    public static GatherPlan BackwardInput(ConvolutionGeometry g)
    {
        var phases = new List<Phase>();
        for (int py = 0; py < Math.Min(g.StrideY, g.InHeight); py++)
        {
            for (int px = 0; px < Math.Min(g.StrideX, g.InWidth); px++)
            {
                List<int> index = [], y = [], x = [];
                for (int r = 0; r < g.KernelHeight; r++)
                {
                    for (int s = 0; s < g.KernelWidth; s++)
                    {
                        (int oy, int remainderY) = Math.DivRem(py + g.PadTop - (r * g.DilationY), g.StrideY);
                        (int ox, int remainderX) = Math.DivRem(px + g.PadLeft - (s * g.DilationX), g.StrideX);
                        if (remainderY != 0 || remainderX != 0)
                            continue;
                        index.Add((r * g.KernelWidth) + s);
                        y.Add(oy);
                        x.Add(ox);
                    }
                }
                int rows = (g.InHeight - py + g.StrideY - 1) / g.StrideY, columns = (g.InWidth - px + g.StrideX - 1) / g.StrideX;
                phases.Add(new Phase(py, px, rows, columns, [.. index], [.. y], [.. x]));
            }
        }
        return new GatherPlan
        {
            Batch = g.Batch,
            SourceHeight = g.OutHeight,
            SourceWidth = g.OutWidth,
            SourceChannels = g.OutChannels,
            DestinationHeight = g.InHeight,
            DestinationWidth = g.InWidth,
            DestinationChannels = g.InChannels,
            Groups = g.Groups,
            Length = g.OutChannels / g.Groups,
            StepY = g.StrideY,
            StepX = g.StrideX,
            MoveY = 1,
            MoveX = 1,
            Phases = [.. phases],
        };
    }

    private static GatherPlan Of(ConvolutionGeometry g, int sourceWidth, int length, Phase phase) => new()
    {
        Batch = g.Batch,
        SourceHeight = g.InHeight,
        SourceWidth = sourceWidth,
        SourceChannels = g.InChannels,
        DestinationHeight = g.OutHeight,
        DestinationWidth = g.OutWidth,
        DestinationChannels = g.OutChannels,
        Groups = g.Groups,
        Length = length,
        StepY = 1,
        StepX = 1,
        MoveY = g.StrideY,
        MoveX = g.StrideX,
        Phases = [phase],
    };
}
