using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

/// <summary>One vector.</summary>
internal unsafe struct Columns1<V>(V a0) : IColumns<Columns1<V>> where V : unmanaged, ILanes<V>
{
    private V v0 = a0;

    public static int Width => V.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Columns1<V> Load(float* p) => new(V.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Columns1<V> a, float* p)
    {
        V.Store(a.v0, p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Columns1<V> Add(Columns1<V> a, Columns1<V> b) => new(V.Add(a.v0, b.v0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Columns1<V> sum, float* scalar, Columns1<V> b)
    {
        V s = V.All(*scalar);
        V.Accumulate(ref sum.v0, s, b.v0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Columns1<V> AtLeast(Columns1<V> a, float lower)
    {
        V l = V.All(lower);
        return new(V.Max(l, a.v0));
    }
}

/// <summary>Two vectors.</summary>
internal unsafe struct Columns2<V>(V a0, V a1) : IColumns<Columns2<V>> where V : unmanaged, ILanes<V>
{
    private V v0 = a0;
    private V v1 = a1;

    public static int Width => 2 * V.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Columns2<V> Load(float* p) => new(V.Load(p), V.Load(p + V.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Columns2<V> a, float* p)
    {
        V.Store(a.v0, p);
        V.Store(a.v1, p + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Columns2<V> Add(Columns2<V> a, Columns2<V> b) => new(V.Add(a.v0, b.v0), V.Add(a.v1, b.v1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Columns2<V> sum, float* scalar, Columns2<V> b)
    {
        V s = V.All(*scalar);
        V.Accumulate(ref sum.v0, s, b.v0);
        V.Accumulate(ref sum.v1, s, b.v1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Columns2<V> AtLeast(Columns2<V> a, float lower)
    {
        V l = V.All(lower);
        return new(V.Max(l, a.v0), V.Max(l, a.v1));
    }
}

/// <summary>Three vectors.</summary>
internal unsafe struct Columns3<V>(V a0, V a1, V a2) : IColumns<Columns3<V>> where V : unmanaged, ILanes<V>
{
    private V v0 = a0;
    private V v1 = a1;
    private V v2 = a2;

    public static int Width => 3 * V.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Columns3<V> Load(float* p) => new(V.Load(p), V.Load(p + V.Count), V.Load(p + (2 * V.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Columns3<V> a, float* p)
    {
        V.Store(a.v0, p);
        V.Store(a.v1, p + V.Count);
        V.Store(a.v2, p + (2 * V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Columns3<V> Add(Columns3<V> a, Columns3<V> b) => new(V.Add(a.v0, b.v0), V.Add(a.v1, b.v1), V.Add(a.v2, b.v2));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Columns3<V> sum, float* scalar, Columns3<V> b)
    {
        V s = V.All(*scalar);
        V.Accumulate(ref sum.v0, s, b.v0);
        V.Accumulate(ref sum.v1, s, b.v1);
        V.Accumulate(ref sum.v2, s, b.v2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Columns3<V> AtLeast(Columns3<V> a, float lower)
    {
        V l = V.All(lower);
        return new(V.Max(l, a.v0), V.Max(l, a.v1), V.Max(l, a.v2));
    }
}

/// <summary>Four vectors.</summary>
internal unsafe struct Columns4<V>(V a0, V a1, V a2, V a3) : IColumns<Columns4<V>> where V : unmanaged, ILanes<V>
{
    private V v0 = a0;
    private V v1 = a1;
    private V v2 = a2;
    private V v3 = a3;

    public static int Width => 4 * V.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Columns4<V> Load(float* p) => new(V.Load(p), V.Load(p + V.Count), V.Load(p + (2 * V.Count)), V.Load(p + (3 * V.Count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Columns4<V> a, float* p)
    {
        V.Store(a.v0, p);
        V.Store(a.v1, p + V.Count);
        V.Store(a.v2, p + (2 * V.Count));
        V.Store(a.v3, p + (3 * V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Columns4<V> Add(Columns4<V> a, Columns4<V> b) => new(V.Add(a.v0, b.v0), V.Add(a.v1, b.v1), V.Add(a.v2, b.v2), V.Add(a.v3, b.v3));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Columns4<V> sum, float* scalar, Columns4<V> b)
    {
        V s = V.All(*scalar);
        V.Accumulate(ref sum.v0, s, b.v0);
        V.Accumulate(ref sum.v1, s, b.v1);
        V.Accumulate(ref sum.v2, s, b.v2);
        V.Accumulate(ref sum.v3, s, b.v3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Columns4<V> AtLeast(Columns4<V> a, float lower)
    {
        V l = V.All(lower);
        return new(V.Max(l, a.v0), V.Max(l, a.v1), V.Max(l, a.v2), V.Max(l, a.v3));
    }
}
