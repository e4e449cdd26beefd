using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

// The loops of the update rules; an item is a block of Flat.Block elements.

/// <summary>p − rate·g.</summary>
internal readonly struct SgdStep(float rate) : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V p, V g) where V : unmanaged, ILanes<V> => V.MultiplyAdd(V.All(-rate), g, p);
}

/// <summary>v = momentum·v − rate·g; p += v or momentum·v − rate·g.</summary>
internal readonly unsafe struct MomentumKernel(float rate, float momentum, bool nesterov, float* p, float* g, float* v, long count) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        long i = (long)from * Flat.Block, end = Math.Min((long)to * Flat.Block, count);
        for (; i + V.Count <= end; i += V.Count)
            Step<V>(i);
        for (; i < end; i++)
            Step<Lanes1>(i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Step<V>(long i) where V : unmanaged, ILanes<V>
    {
        V push = V.Multiply(V.All(-rate), V.Load(g + i));
        V velocity = V.MultiplyAdd(V.All(momentum), V.Load(v + i), push);
        V.Store(velocity, v + i);
        V.Store(V.Add(V.Load(p + i), nesterov ? V.MultiplyAdd(V.All(momentum), velocity, push) : velocity), p + i);
    }
}

/// <summary>Adam and its relatives; formula at <see cref="IOptimizers.Adam"/>.</summary>
internal readonly unsafe struct AdamKernel(AdamStep step, float* p, float* g, float* m, float* v, float* largest, long count) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        long i = (long)from * Flat.Block, end = Math.Min((long)to * Flat.Block, count);
        for (; i + V.Count <= end; i += V.Count)
            Step<V>(i);
        for (; i < end; i++)
            Step<Lanes1>(i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Step<V>(long i) where V : unmanaged, ILanes<V>
    {
        V gradient = V.Load(g + i), first = V.Load(m + i), second = V.Load(v + i);
        first = V.MultiplyAdd(V.All(step.OneMinusBeta1), V.Subtract(gradient, first), first);
        second = V.MultiplyAdd(V.All(step.OneMinusBeta2), V.Subtract(V.Multiply(gradient, gradient), second), second);
        V.Store(first, m + i);
        V.Store(second, v + i);
        if (largest != null)
        {
            second = V.Max(V.Load(largest + i), second);
            V.Store(second, largest + i);
        }
        V size = V.Divide(V.All(step.Rate), V.MultiplyAdd(V.Sqrt(second), V.All(step.Correction), V.All(step.Epsilon)));
        size = V.Min(V.All(step.Upper), V.Max(V.All(step.Lower), size));
        V.Store(V.MultiplyAdd(V.All(-step.Eta), V.Multiply(size, first), V.Multiply(V.All(step.Retain), V.Load(p + i))), p + i);
    }
}

/// <summary>v = rho·v + (1 − rho)·g²; p −= rate·g / (√v + epsilon) or rate·g / √(v + epsilon).</summary>
internal readonly unsafe struct RmsPropKernel(float rate, float rho, float epsilon, bool inside, float* p, float* g, float* v, long count) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        long i = (long)from * Flat.Block, end = Math.Min((long)to * Flat.Block, count);
        for (; i + V.Count <= end; i += V.Count)
            Step<V>(i);
        for (; i < end; i++)
            Step<Lanes1>(i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Step<V>(long i) where V : unmanaged, ILanes<V>
    {
        V gradient = V.Load(g + i);
        V mean = V.MultiplyAdd(V.All(rho), V.Load(v + i), V.Multiply(V.All(1 - rho), V.Multiply(gradient, gradient)));
        V.Store(mean, v + i);
        V root = inside ? V.Sqrt(V.Add(mean, V.All(epsilon))) : V.Add(V.Sqrt(mean), V.All(epsilon));
        V.Store(V.MultiplyAdd(V.All(-rate), V.Divide(gradient, root), V.Load(p + i)), p + i);
    }
}
