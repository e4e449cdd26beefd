namespace NativeFree.Kernels;

/// <summary>Some neighbouring vectors of one row: the columns of a <see cref="Tile{C}"/>.</summary>
internal unsafe interface IColumns<T> where T : unmanaged, IColumns<T>
{
    /// <summary>Floats in all vectors together.</summary>
    static abstract int Width { get; }

    static abstract T Load(float* p);

    static abstract void Store(T v, float* p);

    static abstract T Add(T a, T b);

    /// <summary>sum ← *scalar · b + sum, in the registers where the sum is.</summary>
    static abstract void Accumulate(ref T sum, float* scalar, T b);

    /// <summary>The larger of each element and <paramref name="lower"/>; NaN stays.</summary>
    static abstract T AtLeast(T a, float lower);
}
