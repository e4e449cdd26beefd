namespace NativeFree.Kernels;

/// <summary>Weights of one layer in 16 bits (<see cref="HalfFloats"/>), in the order in which they came or in panels.</summary>
internal sealed unsafe class HalfWeights
{
    // Vectors are read whole, also over the end.
    private const int Padding = 32;
    private const int Piece = 1 << 16;

    private readonly Tensor storage;

    private HalfWeights(CpuDevice device, long count, int exponent)
    {
        storage = Scope.Detach(new Tensor(device, new Shape(checked((int)((count + 1) / 2) + Padding))));
        new Span<short>(Pointer + count, Padding).Clear();
        (Count, Scale) = (count, HalfFloats.Scale(exponent));
    }

    /// <summary>How many weights there are.</summary>
    public long Count { get; }

    /// <summary>What a decoded half is multiplied by.</summary>
    public float Scale { get; }

    public long Bytes => Count * sizeof(short);

    public short* Pointer => (short*)storage.Pointer;

    /// <summary>The weights rounded, or null where 16 bits cannot hold them: one is not finite, or all are far from 1.</summary>
    public static HalfWeights? Of(CpuDevice device, float* values, long count)
    {
        if (ExponentFor(device, values, count) is not { } exponent)
            return null;
        var weights = new HalfWeights(device, count, exponent);
        short* halves = weights.Pointer;
        device.Crew.For(checked((int)((count + Piece - 1) / Piece)), 1, (from, to) =>
        {
            for (int piece = from; piece < to; piece++)
            {
                long first = (long)piece * Piece;
                Encode(values + first, (int)Math.Min(Piece, count - first), exponent, halves + first);
            }
        });
        return weights;
    }

    /// <summary>A matrix [rows, columns] as panels of <paramref name="width"/> columns, one behind the other, each [rows][its columns]: whoever reads one reads memory in one stream. Null as for <see cref="Of"/>.</summary>
    public static HalfWeights? OfPanels(CpuDevice device, float* values, int rows, int columns, int width)
    {
        if (ExponentFor(device, values, (long)rows * columns) is not { } exponent)
            return null;
        var weights = new HalfWeights(device, (long)rows * columns, exponent);
        short* halves = weights.Pointer;
        device.Crew.For((columns + width - 1) / width, 1, (from, to) =>
        {
            for (int panel = from; panel < to; panel++)
            {
                int first = panel * width, count = Math.Min(width, columns - first);
                for (int row = 0; row < rows; row++)
                    Encode(values + ((long)row * columns) + first, count, exponent, halves + ((long)first * rows) + ((long)row * count));
            }
        });
        return weights;
    }

    private static int? ExponentFor(CpuDevice device, float* values, long count)
    {
        float[] largest = new float[(count + Piece - 1) / Piece];
        device.Crew.For(largest.Length, 1, (from, to) =>
        {
            for (int piece = from; piece < to; piece++)
                largest[piece] = Largest(values + ((long)piece * Piece), (int)Math.Min(Piece, count - ((long)piece * Piece)));
        });
        // MathF.Max gives NaN where there is one.
        return HalfFloats.ExponentFor(largest.Aggregate(0f, MathF.Max));
    }

    private static void Encode(float* from, int count, int exponent, short* to)
    {
        const int step = 16;
        int whole = count / step * step;
        HalfFloats.Encode(from, whole, exponent, to);
        if (whole == count)
            return;
        float* rest = stackalloc float[step];
        short* last = stackalloc short[step];
        new Span<float>(rest, step).Clear();
        new ReadOnlySpan<float>(from + whole, count - whole).CopyTo(new Span<float>(rest, step));
        HalfFloats.Encode(rest, step, exponent, last);
        new ReadOnlySpan<short>(last, count - whole).CopyTo(new Span<short>(to + whole, count - whole));
    }

    private static float Largest(float* values, int count)
    {
        float largest = 0;
        for (int i = 0; i < count; i++)
            largest = MathF.Max(largest, MathF.Abs(values[i]));
        return largest;
    }
}
