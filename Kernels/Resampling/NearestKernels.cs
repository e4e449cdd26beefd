using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>Copies a pixel to each of its repetitions; an item is a pixel of y.</summary>
internal readonly unsafe struct NearestKernel((int Y, int X) scale, int height, int width, int channels, float* x, float* y) : IRangeKernel
{
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        long bytes = (long)channels * sizeof(float);
        for (int item = from; item < to; item++)
        {
            (int np, int q) = Math.DivRem(item, width * scale.X);
            (int n, int p) = Math.DivRem(np, height * scale.Y);
            long pixel = (((long)n * height) + (p / scale.Y)) * width + (q / scale.X);
            Buffer.MemoryCopy(x + (pixel * channels), y + ((long)item * channels), bytes, bytes);
        }
    }
}

/// <summary>Sums the repetitions of a pixel in row-major order; an item is a pixel of x.</summary>
internal readonly unsafe struct NearestGradientKernel((int Y, int X) scale, int width, int channels, float* gy, float* gx) : IRangeKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        nint depth = channels, row = (nint)width * scale.X * depth;
        for (int item = from; item < to; item++)
        {
            (int nh, int w) = Math.DivRem(item, width);
            float* start = gy + ((nint)nh * scale.Y * row) + ((nint)w * scale.X * depth), to0 = gx + (item * depth);
            nint c = 0;
            for (; c + V.Count <= depth; c += V.Count)
                V.Store(Sum<V>(start + c, row), to0 + c);
            for (; c < depth; c++)
                Lanes1.Store(Sum<Lanes1>(start + c, row), to0 + c);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V Sum<V>(float* gy, nint row) where V : unmanaged, ILanes<V>
    {
        V sum = V.All(0);
        for (int r = 0; r < scale.Y; r++, gy += row)
        {
            for (int s = 0; s < scale.X; s++)
                sum = V.Add(sum, V.Load(gy + ((nint)s * channels)));
        }
        return sum;
    }
}
