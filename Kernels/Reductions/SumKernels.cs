using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>y[o] = scale·Σ x[o,l]; an item is a row.</summary>
internal readonly unsafe struct RowSumKernel(int length, float scale, float* x, float* y) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        for (int item = from; item < to; item++)
        {
            float* row = x + ((nint)item * length);
            double sum = 0;
            // Vector partial sums of at most a block, joined in double: a row may be a whole image.
            for (int start = 0; start < length; start += Flat.Block)
            {
                int end = Math.Min(start + Flat.Block, length), i = start;
                V part = V.All(0);
                for (; i + V.Count <= end; i += V.Count)
                    part = V.Add(part, V.Load(row + i));
                float rest = V.Sum(part);
                for (; i < end; i++)
                    rest += row[i];
                sum += rest;
            }
            y[item] = (float)(scale * sum);
        }
    }
}

/// <summary>Partial sums over at most Rows(inner) of the l; an item is a piece: [outer·pieces][inner].</summary>
internal readonly unsafe struct ColumnSumKernel(int length, int inner, int pieces, float* x, float* partial) : IRangeKernel
{
    /// <summary>Rows in a piece: about 64 KiB.</summary>
    public static int Rows(int inner) => Math.Max(1, 16384 / Math.Max(inner, 1));

    public static int Pieces(int length, int inner) => (length + Rows(inner) - 1) / Rows(inner);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = inner;
        int rows = Rows(inner);
        for (int item = from; item < to; item++)
        {
            (int o, int piece) = Math.DivRem(item, pieces);
            int first = piece * rows, count = Math.Min(rows, length - first);
            float* start = x + ((((nint)o * length) + first) * depth), to0 = partial + (item * depth);
            nint c = 0;
            for (; c + V.Count <= depth; c += V.Count)
                V.Store(One<V>(start + c, depth, count), to0 + c);
            for (; c < depth; c++)
                Lanes1.Store(One<Lanes1>(start + c, depth, count), to0 + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V One<V>(float* x, nint depth, int count) where V : unmanaged, ILanes<V>
    {
        V even = V.All(0), odd = V.All(0);
        int i = 0;
        for (; i + 1 < count; i += 2, x += 2 * depth)
        {
            even = V.Add(even, V.Load(x));
            odd = V.Add(odd, V.Load(x + depth));
        }
        return i < count ? V.Add(V.Add(even, V.Load(x)), odd) : V.Add(even, odd);
    }
}

/// <summary>Joins the pieces of one o in their order, in double; an item is an o.</summary>
internal readonly unsafe struct PieceSumKernel(int inner, int pieces, float scale, float* partial, float* y) : IRangeKernel
{
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        for (int item = from; item < to; item++)
        {
            float* start = partial + ((nint)item * pieces * inner);
            for (int c = 0; c < inner; c++)
            {
                double sum = 0;
                for (int piece = 0; piece < pieces; piece++)
                    sum += start[((nint)piece * inner) + c];
                y[((nint)item * inner) + c] = (float)(scale * sum);
            }
        }
    }
}

/// <summary>y[o,l,i] = scale·x[o,i]; an item is one (o, l).</summary>
internal readonly unsafe struct SpreadKernel(int length, int inner, float scale, float* x, float* y) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        for (int item = from; item < to; item++)
        {
            float* source = x + ((nint)(item / length) * inner), destination = y + ((nint)item * inner);
            int c = 0;
            for (; c + V.Count <= inner; c += V.Count)
                V.Store(V.Multiply(V.All(scale), V.Load(source + c)), destination + c);
            for (; c < inner; c++)
                destination[c] = scale * source[c];
        }
    }
}

/// <summary>Σ x·y of each block, in float32 lanes within the block.</summary>
internal readonly unsafe struct DotKernel(float* x, float* y, long count, double* partial) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        for (int item = from; item < to; item++)
        {
            long i = (long)item * Flat.Block, end = Math.Min(i + Flat.Block, count);
            V sum = V.All(0);
            for (; i + V.Count <= end; i += V.Count)
                sum = V.MultiplyAdd(V.Load(x + i), V.Load(y + i), sum);
            double total = V.Sum(sum);
            for (; i < end; i++)
                total += (double)x[i] * y[i];
            partial[item] = total;
        }
    }
}

/// <summary>0 for a block whose elements are all finite: v − v is 0 for a finite v, NaN otherwise.</summary>
internal readonly unsafe struct FiniteKernel(float* x, long count, float* partial) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        for (int item = from; item < to; item++)
        {
            long i = (long)item * Flat.Block, end = Math.Min(i + Flat.Block, count);
            V sum = V.All(0);
            for (; i + V.Count <= end; i += V.Count)
            {
                V v = V.Load(x + i);
                sum = V.Add(sum, V.Subtract(v, v));
            }
            float rest = V.Sum(sum);
            for (; i < end; i++)
                rest += x[i] - x[i];
            partial[item] = rest;
        }
    }
}
