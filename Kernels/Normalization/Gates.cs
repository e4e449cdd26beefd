using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>What becomes of the gradient that arrives at a normalization's result before it goes on.</summary>
internal interface IGate
{
    /// <summary>The gradient behind the gate, of an element whose channel is <paramref name="c"/>.</summary>
    /// <param name="gy">The gradient that arrives.</param>
    /// <param name="centred">x − mean.</param>
    /// <param name="c">The channel.</param>
    /// <param name="at">The element's place in the tensor.</param>
    V Of<V>(V gy, V centred, nint c, long at) where V : unmanaged, ILanes<V>;

    /// <summary>Asks for what <see cref="Of"/> will read of the elements from <paramref name="at"/> on that does not lie with their channels.</summary>
    void Expect<V>(long at) where V : unmanaged, ILanes<V>;
}

/// <summary>Nothing lies behind the normalization.</summary>
internal readonly struct OpenGate : IGate
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V>(V gy, V centred, nint c, long at) where V : unmanaged, ILanes<V> => gy;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Expect<V>(long at) where V : unmanaged, ILanes<V>
    {
    }
}

/// <summary>A ReLU lies behind it. Its slope follows from x, which is read anyway: the same two operations that made the value it was given, so the same sign.</summary>
internal readonly unsafe struct ReluGate(float* factor, float* beta) : IGate
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V>(V gy, V centred, nint c, long at) where V : unmanaged, ILanes<V> =>
        V.IfGreater(V.MultiplyAdd(centred, V.Load(factor + c), V.Load(beta + c)), V.All(0), gy, V.All(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Expect<V>(long at) where V : unmanaged, ILanes<V>
    {
    }
}

/// <summary>A ReLU lies behind it, whose slope follows from the stored result: for gradients that need no x.</summary>
internal readonly unsafe struct ResultGate(float* y) : IGate
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V>(V gy, V centred, nint c, long at) where V : unmanaged, ILanes<V> => V.IfGreater(V.Load(y + at), V.All(0), gy, V.All(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Expect<V>(long at) where V : unmanaged, ILanes<V> => SegmentAhead.Expect<V>(y + at);
}

/// <summary>A ReLU lies behind it and behind the addition of something else: its slope follows from the stored result, and the gradient behind it is stored, since the other operand wants it too.</summary>
internal readonly unsafe struct StoringGate(float* y, float* gated) : IGate
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Of<V>(V gy, V centred, nint c, long at) where V : unmanaged, ILanes<V>
    {
        V g = V.IfGreater(V.Load(y + at), V.All(0), gy, V.All(0));
        V.Store(g, gated + at);
        return g;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Expect<V>(long at) where V : unmanaged, ILanes<V> => SegmentAhead.Expect<V>(y + at);
}
