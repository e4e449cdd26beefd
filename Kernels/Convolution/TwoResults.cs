using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// The one-dimensional transforms of Winograd's F(2, 3) (Lavin and Gray, arXiv:1509.09308, §4.1): 2 results of a 3-tap filter from 4 inputs with 4 multiplications instead of 6. The points are 0, ±1, ∞.
/// Its transformed filter is 16/9 of the filter where that of <see cref="FourResults{V}"/> is 4 times it: for images so small that reading the filter is what takes the time.
/// </summary>
internal readonly unsafe struct TwoResults<V> : IWinogradTransforms<V> where V : unmanaged, ILanes<V>
{
    public static int Results => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(float** d, nint at, float* o, nint step) => Input(V.Load(d[0] + at), V.Load(d[1] + at), V.Load(d[2] + at), V.Load(d[3] + at), o, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input(float* d, nint stride, float* o, nint step) => Input(V.Load(d), V.Load(d + stride), V.Load(d + (2 * stride)), V.Load(d + (3 * stride)), o, step);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Input(V d0, V d1, V d2, V d3, float* o, nint step)
    {
        V.Store(V.Subtract(d0, d2), o);
        V.Store(V.Add(d1, d2), o + step);
        V.Store(V.Subtract(d2, d1), o + (2 * step));
        V.Store(V.Subtract(d3, d1), o + (3 * step));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(float* m, nint stride, out V o0, out V o1, out V o2, out V o3)
    {
        V m1 = V.Load(m + stride), m2 = V.Load(m + (2 * stride));
        o0 = V.Add(V.Load(m), V.Add(m1, m2));
        o1 = V.Add(V.Subtract(m1, m2), V.Load(m + (3 * stride)));
        o2 = default;
        o3 = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter(V g0, V g1, V g2, float* o, nint step)
    {
        V half = V.All(0.5f), even = V.Multiply(half, V.Add(g0, g2)), odd = V.Multiply(half, g1);
        V.Store(g0, o);
        V.Store(V.Add(even, odd), o + step);
        V.Store(V.Subtract(even, odd), o + (2 * step));
        V.Store(g2, o + (3 * step));
    }
}
