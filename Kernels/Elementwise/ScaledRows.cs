using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>Products in double of whole filters with factors a channel, on all cores: of a network that is prepared they are as much to read and write as its weights.</summary>
internal static unsafe class ScaledRows
{
    // Below that a piece of work costs more to hand out than to do.
    private const int LeastFloats = 1 << 14;

    /// <summary>y[r, i] = (float)(x[r, i] · (double)factors[i]); a row has as many values as there are factors.</summary>
    public static void Multiply(ReadOnlySpan<float> x, double[] factors, Span<float> y)
    {
        if (factors.Length == 0)
            return;
        int rows = x.Length / factors.Length, each = Math.Max(1, LeastFloats / factors.Length);
        fixed (float* source = x, target = y)
        {
            float* from = source, to = target;
            Parallel.For(0, (rows + each - 1) / each, piece => Rows(from, factors, to, piece * each, Math.Min((piece + 1) * each, rows)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(float* x, double[] factors, float* y, int first, int end)
    {
        for (int row = first; row < end; row++)
        {
            float* from = x + ((long)row * factors.Length), to = y + ((long)row * factors.Length);
            for (int i = 0; i < factors.Length; i++)
                to[i] = (float)(from[i] * factors[i]);
        }
    }
}
