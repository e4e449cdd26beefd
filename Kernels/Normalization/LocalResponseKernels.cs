using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

// An item is a pixel: one row of channels. Values that are summed over the window lie in a padded copy of the row, zeros at both ends, so that a window's sum is a few shifted loads.

/// <summary>y = x·u⁻ᵝ, u = k + alpha·Σ x² over the window.</summary>
internal readonly unsafe struct LocalResponseKernel(int channels, int half, float k, float alpha, float beta, float* x, float* y) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        int padded = PaddedRow.Length(channels, half);
        float* row = stackalloc float[padded <= PaddedRow.OnStack ? padded : 0];
        using PaddedRow large = padded <= PaddedRow.OnStack ? default : new PaddedRow(padded);
        if (padded > PaddedRow.OnStack)
            row = large.Pointer;
        new Span<float>(row, padded).Clear();
        for (int item = from; item < to; item++)
        {
            float* source = x + ((nint)item * channels), destination = y + ((nint)item * channels);
            PaddedRow.Squares<V>(source, channels, row + half);
            int c = 0;
            for (; c + V.Count <= channels; c += V.Count)
                V.Store(V.Multiply(V.Load(source + c), Power(Scale<V>(row + c))), destination + c);
            for (; c < channels; c++)
                Lanes1.Store(Lanes1.Multiply(Lanes1.Load(source + c), Power(Scale<Lanes1>(row + c))), destination + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Scale<V>(float* window) where V : unmanaged, ILanes<V> => V.MultiplyAdd(V.All(alpha), PaddedRow.Sum<V>(window, half), V.All(k));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Power<V>(V u) where V : unmanaged, ILanes<V> => Exponential.Of(V.Multiply(V.All(-beta), Logarithm.Of(u)));
}

/// <summary>gx = gy·u⁻ᵝ − 2·alpha·beta·x·Σ t over the window, t = gy·x·u⁻ᵝ/u.</summary>
internal readonly unsafe struct LocalResponseGradientKernel(int channels, int half, float k, float alpha, float beta, float* x, float* gy, float* gx) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        int padded = PaddedRow.Length(channels, half);
        float* row = stackalloc float[padded <= PaddedRow.OnStack ? 2 * padded : 0];
        using PaddedRow large = padded <= PaddedRow.OnStack ? default : new PaddedRow(2 * padded);
        if (padded > PaddedRow.OnStack)
            row = large.Pointer;
        new Span<float>(row, 2 * padded).Clear();
        float* terms = row + padded;
        for (int item = from; item < to; item++)
        {
            float* source = x + ((nint)item * channels), g = gy + ((nint)item * channels), destination = gx + ((nint)item * channels);
            PaddedRow.Squares<V>(source, channels, row + half);
            int c = 0;
            for (; c + V.Count <= channels; c += V.Count)
                First<V>(source + c, g + c, row + c, terms + half + c, destination + c);
            for (; c < channels; c++)
                First<Lanes1>(source + c, g + c, row + c, terms + half + c, destination + c);
            for (c = 0; c + V.Count <= channels; c += V.Count)
                Second<V>(source + c, terms + c, destination + c);
            for (; c < channels; c++)
                Second<Lanes1>(source + c, terms + c, destination + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void First<V>(float* x, float* gy, float* window, float* term, float* gx) where V : unmanaged, ILanes<V>
    {
        V u = V.MultiplyAdd(V.All(alpha), PaddedRow.Sum<V>(window, half), V.All(k));
        V direct = V.Multiply(V.Load(gy), Exponential.Of(V.Multiply(V.All(-beta), Logarithm.Of(u))));
        V.Store(V.Divide(V.Multiply(direct, V.Load(x)), u), term);
        V.Store(direct, gx);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Second<V>(float* x, float* terms, float* gx) where V : unmanaged, ILanes<V> =>
        V.Store(V.MultiplyAdd(V.Multiply(V.All(-2 * alpha * beta), V.Load(x)), PaddedRow.Sum<V>(terms, half), V.Load(gx)), gx);
}
