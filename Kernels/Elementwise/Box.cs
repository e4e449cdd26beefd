namespace NativeFree.Kernels;

/// <summary>
/// A box cut out of one tensor and put into another, as rows of contiguous floats: trailing axes that the box takes whole on both sides are part of the row.
/// </summary>
internal readonly record struct Box
{
    private readonly int[] size;
    private readonly long[] xStride;
    private readonly long[] yStride;
    private readonly long xStart;
    private readonly long yStart;

    private Box(int[] size, long[] xStride, long[] yStride, long xStart, long yStart, int rows, int rowLength)
    {
        this.size = size;
        this.xStride = xStride;
        this.yStride = yStride;
        this.xStart = xStart;
        this.yStart = yStart;
        Rows = rows;
        RowLength = rowLength;
    }

    public int Rows { get; }

    public int RowLength { get; }

    public static Box Create(Shape x, ReadOnlySpan<int> xBegin, Shape y, ReadOnlySpan<int> yBegin, ReadOnlySpan<int> size)
    {
        int rank = x.Rank;
        if (y.Rank != rank || xBegin.Length != rank || yBegin.Length != rank || size.Length != rank)
            throw new ShapeException($"CopyBox: ranks are equal; x = {x}, y = {y}, begins of {xBegin.Length} and {yBegin.Length}, size of {size.Length} axes.");
        for (int i = 0; i < rank; i++)
        {
            if (size[i] < 0 || xBegin[i] < 0 || yBegin[i] < 0 || (long)xBegin[i] + size[i] > x[i] || (long)yBegin[i] + size[i] > y[i])
                throw new ShapeException($"CopyBox: the box lies inside both tensors; axis {i}: {size[i]} from {xBegin[i]} of {x} to {yBegin[i]} of {y}.");
        }
        // The row: the last axis, and each before it as long as what follows is whole.
        int outer = Math.Max(rank - 1, 0);
        while (outer > 0 && size[outer] == x[outer] && size[outer] == y[outer])
            outer--;
        long row = 1, rows = 1, xStart = 0, yStart = 0;
        for (int i = outer; i < rank; i++)
            row *= size[i];
        long[] xs = new long[outer], ys = new long[outer];
        for (int i = 0; i < rank; i++)
        {
            xStart += xBegin[i] * x.CountFrom(i + 1);
            yStart += yBegin[i] * y.CountFrom(i + 1);
            if (i >= outer)
                continue;
            xs[i] = x.CountFrom(i + 1);
            ys[i] = y.CountFrom(i + 1);
            rows *= size[i];
        }
        return new Box(size[..outer].ToArray(), xs, ys, xStart, yStart, row == 0 ? 0 : checked((int)rows), checked((int)row));
    }

    /// <summary>Where row <paramref name="index"/> begins in x and in y.</summary>
    public (long X, long Y) Row(int index)
    {
        long x = xStart, y = yStart;
        for (int i = size.Length - 1; i >= 0; i--)
        {
            (index, int at) = Math.DivRem(index, size[i]);
            x += at * xStride[i];
            y += at * yStride[i];
        }
        return (x, y);
    }
}

/// <summary>Copies rows of a box; an item is a row.</summary>
internal readonly unsafe struct BoxKernel(Box box, float* x, float* y) : IRangeKernel
{
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        long bytes = (long)box.RowLength * sizeof(float);
        for (int row = from; row < to; row++)
        {
            (long source, long destination) = box.Row(row);
            Buffer.MemoryCopy(x + source, y + destination, bytes, bytes);
        }
    }
}
