using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// The one-dimensional transforms of Winograd's F(4, 3) (Lavin and Gray, arXiv:1509.09308): 4 results of a 3-tap filter from 6 inputs with 6 multiplications instead of 12, y = Aᵀ·((G·g) ⊙ (Bᵀ·d)).
/// Applied to rows and columns they give F(4×4, 3×3): 36 multiplications instead of 144. The product is linear in g, so the same matrices give the filter's gradient from that of the results:
/// Gᵀ·((A·gy) ⊙ (Bᵀ·d)).
/// The points are 0, ±a, ±b, ∞ with a = 5/8 and b = 3/2: their powers are exact in float32 and neither large nor small, so that sums cancel little. The largest error over random tiles of 128 channels
/// is 1.8e-6 of the largest value; with the customary 0, ±1, ±2, ∞ it is 7.3e-6.
/// </summary>
internal readonly unsafe struct FourResults<V> : IWinogradTransforms<V> where V : unmanaged, ILanes<V>
{
    private const float A = 5f / 8, A2 = A * A, A3 = A2 * A;
    private const float B = 3f / 2, B2 = B * B, B3 = B2 * B;

    // What the filter's values at a point are divided by: the product of the point's distances to the others.
    private const double AtZero = (double)A2 * B2, AtA = 2.0 * A2 * (A2 - B2), AtB = 2.0 * B2 * (B2 - A2);

    public static int Results => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(float** d, nint at, float* o, nint step) =>
        Input(V.Load(d[0] + at), V.Load(d[1] + at), V.Load(d[2] + at), V.Load(d[3] + at), V.Load(d[4] + at), V.Load(d[5] + at), o, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(float* d, nint stride, float* o, nint step) =>
        Input(V.Load(d), V.Load(d + stride), V.Load(d + (2 * stride)), V.Load(d + (3 * stride)), V.Load(d + (4 * stride)), V.Load(d + (5 * stride)), o, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Input(V d0, V d1, V d2, V d3, V d4, V d5, float* o, nint step)
    {
        V product = V.All(A2 * B2), sum = V.All(-(A2 + B2)), a2 = V.All(-A2), b2 = V.All(-B2);
        V evenA = V.MultiplyAdd(b2, d2, d4), oddA = V.Multiply(V.All(A), V.MultiplyAdd(b2, d1, d3));
        V evenB = V.MultiplyAdd(a2, d2, d4), oddB = V.Multiply(V.All(B), V.MultiplyAdd(a2, d1, d3));
        V.Store(V.MultiplyAdd(product, d0, V.MultiplyAdd(sum, d2, d4)), o);
        V.Store(V.Add(evenA, oddA), o + step);
        V.Store(V.Subtract(evenA, oddA), o + (2 * step));
        V.Store(V.Add(evenB, oddB), o + (3 * step));
        V.Store(V.Subtract(evenB, oddB), o + (4 * step));
        V.Store(V.MultiplyAdd(product, d1, V.MultiplyAdd(sum, d3, d5)), o + (5 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(float* m, nint stride, out V o0, out V o1, out V o2, out V o3)
    {
        V m1 = V.Load(m + stride), m2 = V.Load(m + (2 * stride)), m3 = V.Load(m + (3 * stride)), m4 = V.Load(m + (4 * stride));
        V evenA = V.Add(m1, m2), oddA = V.Subtract(m1, m2), evenB = V.Add(m3, m4), oddB = V.Subtract(m3, m4);
        o0 = V.Add(V.Load(m), V.Add(evenA, evenB));
        o1 = V.MultiplyAdd(V.All(B), oddB, V.Multiply(V.All(A), oddA));
        o2 = V.MultiplyAdd(V.All(B2), evenB, V.Multiply(V.All(A2), evenA));
        o3 = V.MultiplyAdd(V.All(B3), oddB, V.MultiplyAdd(V.All(A3), oddA, V.Load(m + (5 * stride))));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter(V g0, V g1, V g2, float* o, nint step)
    {
        V evenA = V.MultiplyAdd(V.All((float)(A2 / AtA)), g2, V.Multiply(V.All((float)(1 / AtA)), g0)), oddA = V.Multiply(V.All((float)(A / AtA)), g1);
        V evenB = V.MultiplyAdd(V.All((float)(B2 / AtB)), g2, V.Multiply(V.All((float)(1 / AtB)), g0)), oddB = V.Multiply(V.All((float)(B / AtB)), g1);
        V.Store(V.Multiply(V.All((float)(1 / AtZero)), g0), o);
        V.Store(V.Add(evenA, oddA), o + step);
        V.Store(V.Subtract(evenA, oddA), o + (2 * step));
        V.Store(V.Add(evenB, oddB), o + (3 * step));
        V.Store(V.Subtract(evenB, oddB), o + (4 * step));
        V.Store(g2, o + (5 * step));
    }

    /// <summary>o = A·y: the gradients of four results to six values, <paramref name="step"/> floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void OutputGradient(V y0, V y1, V y2, V y3, float* o, nint step)
    {
        V evenA = V.MultiplyAdd(V.All(A2), y2, y0), oddA = V.MultiplyAdd(V.All(A3), y3, V.Multiply(V.All(A), y1));
        V evenB = V.MultiplyAdd(V.All(B2), y2, y0), oddB = V.MultiplyAdd(V.All(B3), y3, V.Multiply(V.All(B), y1));
        V.Store(y0, o);
        V.Store(V.Add(evenA, oddA), o + step);
        V.Store(V.Subtract(evenA, oddA), o + (2 * step));
        V.Store(V.Add(evenB, oddB), o + (3 * step));
        V.Store(V.Subtract(evenB, oddB), o + (4 * step));
        V.Store(y3, o + (5 * step));
    }

    /// <summary>o = Gᵀ·m, m six vectors, <paramref name="stride"/> floats apart: the gradients of three taps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FilterGradient(float* m, nint stride, out V o0, out V o1, out V o2)
    {
        V m1 = V.Load(m + stride), m2 = V.Load(m + (2 * stride)), m3 = V.Load(m + (3 * stride)), m4 = V.Load(m + (4 * stride));
        V evenA = V.Add(m1, m2), oddA = V.Subtract(m1, m2), evenB = V.Add(m3, m4), oddB = V.Subtract(m3, m4);
        o0 = V.MultiplyAdd(V.All((float)(1 / AtZero)), V.Load(m), V.MultiplyAdd(V.All((float)(1 / AtA)), evenA, V.Multiply(V.All((float)(1 / AtB)), evenB)));
        o1 = V.MultiplyAdd(V.All((float)(A / AtA)), oddA, V.Multiply(V.All((float)(B / AtB)), oddB));
        o2 = V.MultiplyAdd(V.All((float)(A2 / AtA)), evenA, V.MultiplyAdd(V.All((float)(B2 / AtB)), evenB, V.Load(m + (5 * stride))));
    }
}
