using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>max(x, 0); NaN stays.</summary>
internal readonly struct ReluValue : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x) where V : unmanaged, ILanes<V> => V.Max(V.All(0), x);
}

/// <summary>gy where y &gt; 0, else slope·gy; ReLU with slope 0 gives exact zeros, also for an infinite gy.</summary>
internal readonly struct ReluSlope : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V y, V gy) where V : unmanaged, ILanes<V> => V.IfGreater(y, V.All(0), gy, V.All(0));
}

/// <summary>x where x &gt; 0, else slope·x.</summary>
internal readonly struct LeakyReluValue(float slope) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x) where V : unmanaged, ILanes<V> => V.IfGreater(x, V.All(0), x, V.Multiply(V.All(slope), x));
}

/// <summary>gy where y &gt; 0, else slope·gy.</summary>
internal readonly struct LeakyReluSlope(float slope) : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V y, V gy) where V : unmanaged, ILanes<V> => V.IfGreater(y, V.All(0), gy, V.Multiply(V.All(slope), gy));
}

/// <summary>1 / (1 + e⁻ˣ): e⁻ˣ overflows to infinity below −88.7, which gives 0, the right value.</summary>
internal readonly struct SigmoidValue : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x) where V : unmanaged, ILanes<V> => V.Divide(V.All(1), V.Add(V.All(1), Exponential.Of(V.Subtract(V.All(0), x))));
}

/// <summary>gy·y·(1 − y).</summary>
internal readonly struct SigmoidSlope : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V y, V gy) where V : unmanaged, ILanes<V> => V.Multiply(gy, V.Multiply(y, V.Subtract(V.All(1), y)));
}

/// <summary>
/// tanh x. Away from 0: ±(1 − 2/(e^2|x| + 1)), whose subtraction loses nothing there. For |x| ≤ 0.55, where it would, x + x·q·P(q) with q = x²: the Taylor series of tanh x / x up to x¹⁶, remainder below 1e-8.
/// </summary>
internal readonly struct TanhValue : IUnary
{
    private const float Near = 0.55f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x) where V : unmanaged, ILanes<V>
    {
        V magnitude = V.Max(V.Subtract(V.All(0), x), x);
        V far = V.Subtract(V.All(1), V.Divide(V.All(2), V.Add(Exponential.Of(V.Add(magnitude, magnitude)), V.All(1))));
        far = V.IfGreater(V.All(0), x, V.Subtract(V.All(0), far), far);
        V q = V.Multiply(x, x);
        V p = V.All(6404582f / 10854718875f);
        p = V.MultiplyAdd(p, q, V.All(-929569f / 638512875f));
        p = V.MultiplyAdd(p, q, V.All(21844f / 6081075f));
        p = V.MultiplyAdd(p, q, V.All(-1382f / 155925f));
        p = V.MultiplyAdd(p, q, V.All(62f / 2835f));
        p = V.MultiplyAdd(p, q, V.All(-17f / 315f));
        p = V.MultiplyAdd(p, q, V.All(2f / 15f));
        p = V.MultiplyAdd(p, q, V.All(-1f / 3f));
        V near = V.MultiplyAdd(V.Multiply(x, q), p, x);
        return V.IfGreater(V.All(Near * Near), q, near, far);
    }
}

/// <summary>gy·(1 − y²).</summary>
internal readonly struct TanhSlope : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V y, V gy) where V : unmanaged, ILanes<V> => V.Multiply(gy, V.Multiply(V.Subtract(V.All(1), y), V.Add(V.All(1), y)));
}

/// <summary>alpha·a + beta·b.</summary>
internal readonly struct CombineValue(float alpha, float beta) : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b) where V : unmanaged, ILanes<V> => V.MultiplyAdd(V.All(alpha), a, V.Multiply(V.All(beta), b));
}

/// <summary>scale·(a·b).</summary>
internal readonly struct ProductValue(float scale) : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V a, V b) where V : unmanaged, ILanes<V> => V.Multiply(V.All(scale), V.Multiply(a, b));
}

/// <summary>factor·x.</summary>
internal readonly struct ScaleValue(float factor) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x) where V : unmanaged, ILanes<V> => V.Multiply(V.All(factor), x);
}

/// <summary>min(max(x, lower), upper); NaN stays, since both comparisons give their second operand then.</summary>
internal readonly struct ClampValue(float lower, float upper) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x) where V : unmanaged, ILanes<V> => V.Min(V.All(upper), V.Max(V.All(lower), x));
}
