namespace NativeFree.Kernels;

/// <summary>
/// One vector register of floats. Kernels are written once over this and specialised by the JIT for 512, 256 and 128 bits; a struct with one field and static operators costs no memory
/// access there (the convolution tile stays in its registers; docs/engine.md counts its instructions).
/// </summary>
internal unsafe interface ILanes<T> where T : unmanaged, ILanes<T>
{
    /// <summary>Floats in the register.</summary>
    static abstract int Count { get; }

    static abstract T Load(float* p);

    static abstract void Store(T v, float* p);

    /// <summary>Count halves without infinities and subnormals, times 2⁻¹¹²: sign, exponent and mantissa in a float's places.</summary>
    static abstract T LoadHalf(short* p);

    static abstract T All(float value);

    /// <summary>a·b + c; rounded once where the processor fuses.</summary>
    static abstract T MultiplyAdd(T a, T b, T c);

    /// <summary>sum ← a·b + sum. Into a variable of the caller's: the JIT then leaves it in its register, where <c>sum = MultiplyAdd(…)</c> may be computed in another one and moved.</summary>
    static abstract void Accumulate(ref T sum, T a, T b);

    static abstract T Add(T a, T b);

    static abstract T Subtract(T a, T b);

    static abstract T Multiply(T a, T b);

    static abstract T Divide(T a, T b);

    /// <summary>The larger; <paramref name="b"/> where either is NaN.</summary>
    static abstract T Max(T a, T b);

    /// <summary>The smaller; <paramref name="b"/> where either is NaN.</summary>
    static abstract T Min(T a, T b);

    static abstract T Sqrt(T a);

    /// <summary>a·2ⁿ for whole n from −252 to 254; rounded to a subnormal only at the end, infinite where it is too large.</summary>
    static abstract T Scale(T a, T n);

    /// <summary>a = mantissa·2ⁿ with √½ ≤ mantissa &lt; √2, of positive normal numbers; the whole n as a float.</summary>
    static abstract T Split(T a, out T mantissa);

    /// <summary><paramref name="yes"/> where a &gt; b, else <paramref name="no"/>, also where either is NaN.</summary>
    static abstract T IfGreater(T a, T b, T yes, T no);

    /// <summary><paramref name="yes"/> where a = b, else <paramref name="no"/>, also where either is NaN.</summary>
    static abstract T IfEqual(T a, T b, T yes, T no);

    /// <summary>The sum of all lanes, in an order of its own but always the same.</summary>
    static abstract float Sum(T a);
}
