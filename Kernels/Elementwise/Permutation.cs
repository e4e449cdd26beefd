namespace NativeFree.Kernels;

/// <summary>An order of axes, as rows of y: for each row where it begins in x, and the stride in x from one of its elements to the next.</summary>
internal readonly record struct Permutation
{
    private readonly int[] size;
    private readonly long[] stride;

    private Permutation(int[] size, long[] stride, int rows, int rowLength, long rowStride)
    {
        this.size = size;
        this.stride = stride;
        Rows = rows;
        RowLength = rowLength;
        RowStride = rowStride;
    }

    public int Rows { get; }

    public int RowLength { get; }

    public long RowStride { get; }

    public static Permutation Create(Shape x, ReadOnlySpan<int> axes, Shape y)
    {
        Shape expected = Permuted(x, axes);
        ShapeException.RequireEqual("Permute", expected, y);
        int outer = Math.Max(y.Rank - 1, 0);
        long[] stride = new long[outer];
        for (int i = 0; i < outer; i++)
            stride[i] = x.CountFrom(axes[i] + 1);
        int length = y.Rank == 0 ? 1 : y[-1];
        return new Permutation(y.ToArray()[..outer], stride, length == 0 ? 0 : checked((int)(y.Count / length)), length, y.Rank == 0 ? 1 : x.CountFrom(axes[outer] + 1));
    }

    /// <summary>The shape whose axis i is axis axes[i] of <paramref name="x"/>.</summary>
    /// <exception cref="ShapeException"><paramref name="axes"/> is no permutation.</exception>
    public static Shape Permuted(Shape x, ReadOnlySpan<int> axes)
    {
        int seen = 0;
        int[] extents = new int[axes.Length];
        for (int i = 0; i < axes.Length; i++)
        {
            if ((uint)axes[i] >= (uint)x.Rank)
                throw new ShapeException($"Transpose: axes are a permutation of 0 to {x.Rank - 1}; got {string.Join(", ", axes.ToArray())} for {x}.");
            seen |= 1 << axes[i];
            extents[i] = x[axes[i]];
        }
        if (axes.Length != x.Rank || seen != (1 << x.Rank) - 1)
            throw new ShapeException($"Transpose: axes are a permutation of 0 to {x.Rank - 1}; got {string.Join(", ", axes.ToArray())} for {x}.");
        return new Shape(extents);
    }

    /// <summary>Where row <paramref name="index"/> of y begins in x.</summary>
    public long Row(int index)
    {
        long x = 0;
        for (int i = size.Length - 1; i >= 0; i--)
        {
            (index, int at) = Math.DivRem(index, size[i]);
            x += at * stride[i];
        }
        return x;
    }
}

/// <summary>Gathers rows of y; an item is a row.</summary>
internal readonly unsafe struct PermuteKernel(Permutation permutation, float* x, float* y) : IRangeKernel
{
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        int length = permutation.RowLength;
        long stride = permutation.RowStride;
        for (int row = from; row < to; row++)
        {
            float* source = x + permutation.Row(row), destination = y + ((long)row * length);
            if (stride == 1)
            {
                Buffer.MemoryCopy(source, destination, (long)length * sizeof(float), (long)length * sizeof(float));
                continue;
            }
            for (int i = 0; i < length; i++)
                destination[i] = source[i * stride];
        }
    }
}
