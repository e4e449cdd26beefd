using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeFree.Kernels;

/// <summary>
/// Joins what each of the <see cref="Segments"/> has summed up, two values a channel in [segment][2][C]: segment after segment, in double, eight channels side by side and blocks of them shared out. A channel's result depends
/// neither on its neighbours nor on the thread. The last block reads up to <see cref="Lanes"/> − 1 floats beyond the last segment.
/// </summary>
internal static unsafe class SegmentSums
{
    /// <summary>Channels that go side by side.</summary>
    public const int Lanes = 8;

    // Below so many floats waking another thread takes longer than the work.
    private const int SmallestPiece = 16384;

    /// <summary>Floats that the partial results of <paramref name="segments"/> take.</summary>
    public static long Count(Segments segments) => (2L * segments.Count * segments.Channels) + Lanes;

    /// <summary>
    /// Mean and variance of each channel from the segments' own means and squared deviations: Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979.
    /// </summary>
    public static void Moments(WorkCrew crew, Segments segments, float* partial, float* mean, float* variance) => Share(crew, segments, (c, valid) =>
    {
        double* m = stackalloc double[Lanes], squares = stackalloc double[Lanes];
        Moments(segments, partial + c, m, squares);
        for (int i = 0; i < valid; i++)
        {
            mean[c + i] = (float)m[i];
            variance[c + i] = segments.Rows == 0 ? 0 : (float)(squares[i] / segments.Rows);
        }
    });

    /// <summary>gbeta and ggamma from the segments' Σ g and Σ g·(x − mean).</summary>
    public static void Scales(WorkCrew crew, Segments segments, float* partial, float* variance, float epsilon, float* ggamma, float* gbeta) => Share(crew, segments, (c, valid) =>
    {
        double* sum = stackalloc double[Lanes], product = stackalloc double[Lanes];
        Add(segments, partial + c, sum, product);
        for (int i = 0; i < valid; i++)
        {
            gbeta[c + i] = (float)sum[i];
            ggamma[c + i] = (float)(product[i] / Math.Sqrt((double)variance[c + i] + epsilon));
        }
    });

    private static void Share(WorkCrew crew, Segments segments, Action<int, int> block)
    {
        int channels = segments.Channels, blocks = (channels + Lanes - 1) / Lanes;
        int least = 1 + (SmallestPiece / ((2 * Lanes * segments.Count) + 1));
        crew.For(blocks, Math.Max(crew.Grain(blocks), least), (from, to) =>
        {
            for (int c = from * Lanes; c < Math.Min(to * Lanes, channels); c += Lanes)
                block(c, Math.Min(Lanes, channels - c));
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Moments(Segments segments, float* partial, double* mean, double* squares)
    {
        nint depth = segments.Channels;
        Vector256<double> m0 = default, m1 = default, s0 = default, s1 = default;
        double count = 0;
        for (int s = 0; s < segments.Count; s++, partial += 2 * depth)
        {
            int rows = segments[s].Rows;
            double total = count + rows;
            Vector256<double> share = Vector256.Create(rows / total), both = Vector256.Create(count * rows / total);
            (Vector256<double> a0, Vector256<double> a1) = Vector256.Widen(Vector256.Load(partial));
            (Vector256<double> b0, Vector256<double> b1) = Vector256.Widen(Vector256.Load(partial + depth));
            Vector256<double> d0 = a0 - m0, d1 = a1 - m1;
            m0 += d0 * share;
            m1 += d1 * share;
            s0 += b0 + (d0 * d0 * both);
            s1 += b1 + (d1 * d1 * both);
            count = total;
        }
        m0.Store(mean);
        m1.Store(mean + 4);
        s0.Store(squares);
        s1.Store(squares + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(Segments segments, float* partial, double* first, double* second)
    {
        nint depth = segments.Channels;
        Vector256<double> a0 = default, a1 = default, b0 = default, b1 = default;
        for (int s = 0; s < segments.Count; s++, partial += 2 * depth)
        {
            (Vector256<double> c0, Vector256<double> c1) = Vector256.Widen(Vector256.Load(partial));
            (Vector256<double> d0, Vector256<double> d1) = Vector256.Widen(Vector256.Load(partial + depth));
            a0 += c0;
            a1 += c1;
            b0 += d0;
            b1 += d1;
        }
        a0.Store(first);
        a1.Store(first + 4);
        b0.Store(second);
        b1.Store(second + 4);
    }
}
