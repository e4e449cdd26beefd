using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// The one-dimensional transforms of Winograd's F(4, 3) with the points 0, ±1, ±2, ∞ (Lavin and Gray, arXiv:1509.09308, appendix): 4 results of a 3-tap filter from 6 inputs with 6 multiplications instead
/// of 12. Applied to rows and columns they give F(4×4, 3×3): 36 multiplications instead of 144.
/// </summary>
internal static unsafe class WinogradTransforms<V> where V : unmanaged, ILanes<V>
{
    /// <summary>Inputs of a tile along one axis.</summary>
    public const int In = 6;

    /// <summary>Results of a tile along one axis.</summary>
    public const int Out = 4;

    /// <summary>o = Bᵀ·d; results <paramref name="step"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(V d0, V d1, V d2, V d3, V d4, V d5, float* o, nint step)
    {
        V four = V.All(4), five = V.All(-5), two = V.All(2), minusFour = V.All(-4);
        V p = V.MultiplyAdd(minusFour, d2, d4), q = V.MultiplyAdd(minusFour, d1, d3);
        V r = V.Subtract(d4, d2), s = V.Multiply(two, V.Subtract(d3, d1));
        V.Store(V.MultiplyAdd(four, d0, V.MultiplyAdd(five, d2, d4)), o);
        V.Store(V.Add(p, q), o + step);
        V.Store(V.Subtract(p, q), o + (2 * step));
        V.Store(V.Add(r, s), o + (3 * step));
        V.Store(V.Subtract(r, s), o + (4 * step));
        V.Store(V.MultiplyAdd(four, d1, V.MultiplyAdd(five, d3, d5)), o + (5 * step));
    }

    /// <summary>o = Aᵀ·m, m six vectors, <paramref name="stride"/> floats apart; o four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(float* m, nint stride, out V o0, out V o1, out V o2, out V o3)
    {
        V m1 = V.Load(m + stride), m2 = V.Load(m + (2 * stride)), m3 = V.Load(m + (3 * stride)), m4 = V.Load(m + (4 * stride));
        V s1 = V.Add(m1, m2), d1 = V.Subtract(m1, m2), s2 = V.Add(m3, m4), d2 = V.Subtract(m3, m4);
        o0 = V.Add(V.Load(m), V.Add(s1, s2));
        o1 = V.MultiplyAdd(V.All(2), d2, d1);
        o2 = V.MultiplyAdd(V.All(4), s2, s1);
        o3 = V.Add(V.MultiplyAdd(V.All(8), d2, d1), V.Load(m + (5 * stride)));
    }
}

/// <summary>The filter's transform G·g·Gᵀ in double precision; it is done once and its rounding would stay.</summary>
internal static class WinogradFilter
{
    private static readonly double[,] G =
    {
        { 1.0 / 4, 0, 0 },
        { -1.0 / 6, -1.0 / 6, -1.0 / 6 },
        { -1.0 / 6, 1.0 / 6, -1.0 / 6 },
        { 1.0 / 24, 1.0 / 12, 1.0 / 6 },
        { 1.0 / 24, -1.0 / 12, 1.0 / 6 },
        { 0, 0, 1 },
    };

    /// <summary>
    /// Transforms the 3×3 filters of <see cref="Vector{T}"/>.Count neighbouring output channels: taps <paramref name="tap"/> floats apart, the 36 results <paramref name="point"/> floats apart.
    /// </summary>
    public static unsafe void Transform(float* filter, long tap, float* transformed, long point)
    {
        Vector<double>* low = stackalloc Vector<double>[9], high = stackalloc Vector<double>[9];
        Vector<double>* halfLow = stackalloc Vector<double>[18], halfHigh = stackalloc Vector<double>[18];
        for (int t = 0; t < 9; t++)
            Vector.Widen(Vector.Load(filter + (t * tap)), out low[t], out high[t]);
        for (int i = 0; i < 6; i++)
        {
            for (int s = 0; s < 3; s++)
            {
                halfLow[(i * 3) + s] = (low[s] * G[i, 0]) + (low[3 + s] * G[i, 1]) + (low[6 + s] * G[i, 2]);
                halfHigh[(i * 3) + s] = (high[s] * G[i, 0]) + (high[3 + s] * G[i, 1]) + (high[6 + s] * G[i, 2]);
            }
        }
        for (int i = 0; i < 6; i++)
        {
            Vector<double>* l = halfLow + (i * 3), h = halfHigh + (i * 3);
            for (int j = 0; j < 6; j++)
            {
                Vector<double> a = (l[0] * G[j, 0]) + (l[1] * G[j, 1]) + (l[2] * G[j, 2]), b = (h[0] * G[j, 0]) + (h[1] * G[j, 1]) + (h[2] * G[j, 2]);
                Vector.Narrow(a, b).Store(transformed + (((i * 6) + j) * point));
            }
        }
    }
}
