namespace NativeFree.Kernels;

/// <summary>The one-dimensional transforms of a Winograd F(m, 3) forwards; applied to rows and columns they give F(m×m, 3×3).</summary>
internal unsafe interface IWinogradTransforms<V> where V : unmanaged, ILanes<V>
{
    /// <summary>m: the results of a tile in each direction, of two more inputs.</summary>
    static abstract int Results { get; }

    /// <summary>o = Bᵀ·d, input i from <c>d[i] + at</c>; values are <paramref name="step"/> floats apart.</summary>
    static abstract void Input(float** d, nint at, float* o, nint step);

    /// <summary>o = Bᵀ·d, inputs <paramref name="stride"/> floats apart.</summary>
    static abstract void Input(float* d, nint stride, float* o, nint step);

    /// <summary>o = Aᵀ·m, m vectors <paramref name="stride"/> floats apart; where there are two results the others are unset.</summary>
    static abstract void Output(float* m, nint stride, out V o0, out V o1, out V o2, out V o3);

    /// <summary>o = G·g: three taps to values <paramref name="step"/> floats apart.</summary>
    static abstract void Filter(V g0, V g1, V g2, float* o, nint step);
}
