using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeFree.Kernels;

/// <summary>
/// One float, for the tail of a row whose length is no multiple of the vector's. Every operation is the vector's own on one lane, so that an element's value does not depend on whether it
/// fell into the tail.
/// </summary>
internal readonly unsafe struct Lanes1(float value) : ILanes<Lanes1>
{
    private readonly float v = value;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Load(float* p) => new(*p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1 a, float* p) => *p = a.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 LoadHalf(short* p) => new(BitConverter.Int32BitsToSingle((*p << 13) & unchecked((int)0x8FFFE000)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 All(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 MultiplyAdd(Lanes1 a, Lanes1 b, Lanes1 c) => new(Vector128.MultiplyAddEstimate(Wide(a), Wide(b), Wide(c)).ToScalar());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref Lanes1 sum, Lanes1 a, Lanes1 b) => sum = MultiplyAdd(a, b, sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Add(Lanes1 a, Lanes1 b) => new(a.v + b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Subtract(Lanes1 a, Lanes1 b) => new(a.v - b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Multiply(Lanes1 a, Lanes1 b) => new(a.v * b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Divide(Lanes1 a, Lanes1 b) => new(a.v / b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Max(Lanes1 a, Lanes1 b) => new(a.v > b.v ? a.v : b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Min(Lanes1 a, Lanes1 b) => new(a.v < b.v ? a.v : b.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Sqrt(Lanes1 a) => new(MathF.Sqrt(a.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Scale(Lanes1 a, Lanes1 n)
    {
        int whole = (int)n.v, half = whole >> 1;
        return new(a.v * BitConverter.Int32BitsToSingle((half + 127) << 23) * BitConverter.Int32BitsToSingle((whole - half + 127) << 23));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Split(Lanes1 a, out Lanes1 mantissa)
    {
        int bits = BitConverter.SingleToInt32Bits(a.v), n = (bits - Logarithm.RootOfHalf) >> 23;
        mantissa = new(BitConverter.Int32BitsToSingle(bits - (n << 23)));
        return new(n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 IfGreater(Lanes1 a, Lanes1 b, Lanes1 yes, Lanes1 no) => a.v > b.v ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 IfEqual(Lanes1 a, Lanes1 b, Lanes1 yes, Lanes1 no) => a.v == b.v ? yes : no;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Lanes1 a) => a.v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Wide(Lanes1 a) => Vector128.Create(a.v);
}
