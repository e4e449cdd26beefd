namespace NativeFree.Kernels;

/// <summary>
/// The rows [m, C] of a channels-last tensor cut into runs of rows of about 64 KiB, which stay in the second cache while they are read twice. The cut depends on the shape alone.
/// </summary>
internal readonly struct Segments
{
    private const int Floats = 16384;

    public Segments(Shape shape)
    {
        Channels = shape.Rank == 0 ? 1 : shape[-1];
        Rows = Channels == 0 ? 0 : shape.Count / Channels;
        Length = Math.Max(1, Floats / Math.Max(Channels, 1));
        Count = checked((int)((Rows + Length - 1) / Length));
    }

    public int Channels { get; }

    public long Rows { get; }

    /// <summary>Rows in a segment; the last may have fewer.</summary>
    public int Length { get; }

    public int Count { get; }

    /// <summary>Floats in a segment.</summary>
    public long Cost => (long)Length * Channels;

    /// <summary>First row and number of rows of segment <paramref name="index"/>.</summary>
    public (long From, int Rows) this[int index] => ((long)index * Length, (int)Math.Min(Length, Rows - ((long)index * Length)));
}
