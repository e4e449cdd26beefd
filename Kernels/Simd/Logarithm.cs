using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>
/// ln x = n·ln 2 + ln(1 + f) with x = 2ⁿ·(1 + f) and 1 + f between √½ and √2; ln(1 + f) = f − f²/2 + f³·P(f), P the polynomial of Moshier's Cephes library (logf). Within 1.1 units in the last place; ln 1 is 0.
/// −∞ at 0, NaN below and for NaN, ∞ at ∞; subnormals too. It is inlined where it is used: the runtime's vector logarithm is a call to a method that each process first runs unoptimized, three times slower.
/// </summary>
internal static class Logarithm
{
    /// <summary>The bits of √½.</summary>
    public const int RootOfHalf = 0x3f3504f3;

    private const float LeastNormal = 1.17549435e-38f;

    // 2²⁵ makes the least subnormal a normal number.
    private const float Raised = 33554432, RaisedBy = 25;

    // ln 2 in two parts, the first of nine bits, so that its product with n is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Of<V>(V x) where V : unmanaged, ILanes<V>
    {
        V small = V.All(LeastNormal);
        V n = V.Split(V.IfGreater(small, x, V.Multiply(x, V.All(Raised)), x), out V mantissa);
        n = V.Subtract(n, V.IfGreater(small, x, V.All(RaisedBy), V.All(0)));
        V f = V.Subtract(mantissa, V.All(1)), square = V.Multiply(f, f);
        V p = V.MultiplyAdd(V.All(7.0376836292e-2f), f, V.All(-1.1514610310e-1f));
        p = V.MultiplyAdd(p, f, V.All(1.1676998740e-1f));
        p = V.MultiplyAdd(p, f, V.All(-1.2420140846e-1f));
        p = V.MultiplyAdd(p, f, V.All(1.4249322787e-1f));
        p = V.MultiplyAdd(p, f, V.All(-1.6668057665e-1f));
        p = V.MultiplyAdd(p, f, V.All(2.0000714765e-1f));
        p = V.MultiplyAdd(p, f, V.All(-2.4999993993e-1f));
        p = V.MultiplyAdd(p, f, V.All(3.3333331174e-1f));
        V rest = V.MultiplyAdd(V.All(-0.5f), square, V.MultiplyAdd(n, V.All(Ln2Low), V.Multiply(V.Multiply(square, f), p)));
        V log = V.MultiplyAdd(n, V.All(Ln2High), V.Add(f, rest));
        // Not a number stays; then the ends.
        log = V.Add(log, V.Multiply(x, V.All(0)));
        log = V.IfEqual(x, V.All(float.PositiveInfinity), x, log);
        log = V.IfEqual(x, V.All(0), V.All(float.NegativeInfinity), log);
        return V.IfGreater(V.All(0), x, V.All(float.NaN), log);
    }
}
