using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// eˣ = 2ⁿ·eʳ with n = x/ln 2 rounded and |r| ≤ ln 2/2, eʳ = 1 + (r + r²·Q(r)). Within 1.1 units in the last place, and e⁰ is 1: a softmax that is sure of itself must give the logarithm 0, or the gradient of every
/// sample that is classified right gets a false direction. Overflows to infinity above 88.72, to 0 below −103.97; NaN stays.
/// </summary>
internal static class Exponential
{
    // Adding and subtracting 1.5·2²³ rounds to a whole number.
    private const float Rounder = 12582912;
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts, the first of nine bits, so that its product with n is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x) where V : unmanaged, ILanes<V>
    {
        x = V.Min(V.All(89), V.Max(V.All(-105), x));
        V n = V.Subtract(V.MultiplyAdd(x, V.All(Log2E), V.All(Rounder)), V.All(Rounder));
        V r = V.MultiplyAdd(n, V.All(-Ln2Low), V.MultiplyAdd(n, V.All(-Ln2High), x));
        // (eʳ − 1 − r)/r² interpolated at five Chebyshev nodes: 1e-8 of eʳ.
        V q = V.MultiplyAdd(V.All(0.0013926175888627768f), r, V.All(0.008363173343241215f));
        q = V.MultiplyAdd(q, r, V.All(0.041666556149721146f));
        q = V.MultiplyAdd(q, r, V.All(0.16666577756404877f));
        q = V.MultiplyAdd(q, r, V.All(0.5f));
        V e = V.Add(V.All(1), V.MultiplyAdd(V.Multiply(r, r), q, r));
        return V.Scale(e, n);
    }
}
