using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>What a normalized value goes through before it is stored.</summary>
internal interface ITail
{
    /// <summary>The value to store for the element at <paramref name="at"/>.</summary>
    V Of<V>(V value, long at) where V : unmanaged, ILanes<V>;
}

/// <summary>Nothing.</summary>
internal readonly struct NoTail : ITail
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V>(V value, long at) where V : unmanaged, ILanes<V> => value;
}

/// <summary>ReLU; NaN stays.</summary>
internal readonly struct ReluTail : ITail
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V>(V value, long at) where V : unmanaged, ILanes<V> => V.Max(V.All(0), value);
}

/// <summary>The addition of a shortcut, then ReLU; NaN stays.</summary>
internal readonly unsafe struct AddReluTail(float* shortcut) : ITail
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V>(V value, long at) where V : unmanaged, ILanes<V> => V.Max(V.All(0), V.Add(value, V.Load(shortcut + at)));
}

/// <summary>y = tail((x − mean)·factor + beta), row by row. An item is a segment of rows.</summary>
internal readonly unsafe struct NormalizeKernel<T>(Segments segments, float* x, float* mean, float* factor, float* beta, T tail, float* y) : IRangeKernel where T : struct, ITail
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = segments.Channels;
        T end = tail;
        float* source = x, m = mean, f = factor, b = beta, destination = y;
        for (int item = from; item < to; item++)
        {
            (long first, int rows) = segments[item];
            long at = first * depth;
            for (int row = 0; row < rows; row++, at += depth)
            {
                nint c = 0;
                for (; c + V.Count <= depth; c += V.Count)
                    V.Store(end.Of(V.MultiplyAdd(V.Subtract(V.Load(source + at + c), V.Load(m + c)), V.Load(f + c), V.Load(b + c)), at + c), destination + at + c);
                for (; c < depth; c++)
                    Lanes1.Store(end.Of(Lanes1.MultiplyAdd(Lanes1.Subtract(Lanes1.Load(source + at + c), Lanes1.Load(m + c)), Lanes1.Load(f + c), Lanes1.Load(b + c)), at + c), destination + at + c);
            }
        }
    }
}

/// <summary>gx = factor·g, row by row, g being gy behind the gate, which knows no x here. An item is a segment of rows; gx may be gy.</summary>
internal readonly unsafe struct ChannelScaleKernel<G>(Segments segments, float* gy, float* factor, G gate, float* gx) : IRangeKernel where G : struct, IGate
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = segments.Channels;
        G g = gate;
        float* arriving = gy, f = factor, destination = gx;
        for (int item = from; item < to; item++)
        {
            (long first, int rows) = segments[item];
            long at = first * depth;
            for (int row = 0; row < rows; row++, at += depth)
            {
                nint c = 0;
                for (; c + V.Count <= depth; c += V.Count)
                    V.Store(V.Multiply(g.Of(V.Load(arriving + at + c), default, c, at + c), V.Load(f + c)), destination + at + c);
                for (; c < depth; c++)
                    Lanes1.Store(Lanes1.Multiply(g.Of(Lanes1.Load(arriving + at + c), default, c, at + c), Lanes1.Load(f + c)), destination + at + c);
            }
        }
    }
}
