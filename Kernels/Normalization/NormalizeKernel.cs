using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>y = (x − mean)·factor + beta, row by row. An item is a segment of rows.</summary>
internal readonly unsafe struct NormalizeKernel(Segments segments, float* x, float* mean, float* factor, float* beta, float* y) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = segments.Channels;
        float* m = mean, f = factor, b = beta;
        for (int item = from; item < to; item++)
        {
            (long first, int rows) = segments[item];
            float* source = x + (first * depth), destination = y + (first * depth);
            for (int row = 0; row < rows; row++, source += depth, destination += depth)
            {
                nint c = 0;
                for (; c + V.Count <= depth; c += V.Count)
                    V.Store(V.MultiplyAdd(V.Subtract(V.Load(source + c), V.Load(m + c)), V.Load(f + c), V.Load(b + c)), destination + c);
                for (; c < depth; c++)
                    Lanes1.Store(Lanes1.MultiplyAdd(Lanes1.Subtract(Lanes1.Load(source + c), Lanes1.Load(m + c)), Lanes1.Load(f + c), Lanes1.Load(b + c)), destination + c);
            }
        }
    }
}

/// <summary>y = x·factor, row by row. An item is a segment of rows.</summary>
internal readonly unsafe struct ChannelScaleKernel(Segments segments, float* x, float* factor, float* y) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = segments.Channels;
        float* f = factor;
        for (int item = from; item < to; item++)
        {
            (long first, int rows) = segments[item];
            float* source = x + (first * depth), destination = y + (first * depth);
            for (int row = 0; row < rows; row++, source += depth, destination += depth)
            {
                nint c = 0;
                for (; c + V.Count <= depth; c += V.Count)
                    V.Store(V.Multiply(V.Load(source + c), V.Load(f + c)), destination + c);
                for (; c < depth; c++)
                    destination[c] = source[c] * f[c];
            }
        }
    }
}
