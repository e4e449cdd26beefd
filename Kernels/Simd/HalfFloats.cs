using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NativeFree.Kernels;

/// <summary>
/// Weights in 16 bits with a common power of two: value = half · 2⁻ᵉ, where e brings the largest to 2¹⁴…2¹⁵. So no weight is infinite, and those that fall below the smallest normal half, 2⁻²⁹ of the largest, become 0.
/// .NET has no intrinsic for the processor's own conversion; without infinities and subnormals three integer operations and the multiplication by the scale do it: sign and 15 bits are moved up by 13, which leaves the
/// exponent 112 too small, and 2¹¹²⁻ᵉ puts both right.
/// </summary>
internal static unsafe class HalfFloats
{
    // Exponents of float32 and half differ by 127 − 15.
    private const int Bias = 112;
    private const int LargestExponent = 14;

    // 2ᵉ⁻¹¹² and 2¹¹²⁻ᵉ must be normal numbers.
    private const float Largest = 1 << 28, Smallest = 1f / (1L << 60);

    /// <summary>The exponent e for values whose largest magnitude is given, or null where they cannot be stored: not finite, or too large or small all together.</summary>
    public static int? ExponentFor(float largest) => largest == 0 ? 0 : largest is >= Smallest and <= Largest ? LargestExponent - MathF.ILogB(largest) : null;

    /// <summary>What a decoded half is multiplied by.</summary>
    public static float Scale(int exponent) => MathF.ScaleB(1, Bias - exponent);

    /// <summary>Rounds to nearest, ties to even.</summary>
    /// <param name="from">Finite values.</param>
    /// <param name="count">How many; a multiple of 16.</param>
    /// <param name="exponent">From <see cref="ExponentFor"/> of the largest.</param>
    /// <param name="to">Receives count halves.</param>
    public static void Encode(float* from, long count, int exponent, short* to)
    {
        Vector256<float> factor = Vector256.Create(MathF.ScaleB(1, exponent - Bias));
        for (long i = 0; i < count; i += 16)
            Vector256.Narrow(Rounded(Vector256.Load(from + i) * factor), Rounded(Vector256.Load(from + i + 8) * factor)).AsInt16().Store(to + i);
    }

    private static Vector256<uint> Rounded(Vector256<float> scaled)
    {
        Vector256<uint> bits = scaled.AsUInt32(), magnitude = bits & Vector256.Create(0x7FFFFFFFu), sign = (bits >> 16) & Vector256.Create(0x8000u);
        Vector256<uint> even = (magnitude >> 13) & Vector256<uint>.One;
        Vector256<uint> half = (magnitude + Vector256.Create(0xFFFu) + even) >> 13;
        // What is subnormal here would be subnormal as a half.
        return sign | (half & Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(0x00800000u)));
    }

    /// <summary>The values as floats; reads and writes whole vectors.</summary>
    /// <param name="from">Halves.</param>
    /// <param name="count">How many; up to a vector more is read and written.</param>
    /// <param name="scale">From <see cref="Scale"/>.</param>
    /// <param name="to">Receives the floats.</param>
    public static void Decode(short* from, long count, float scale, float* to)
    {
        switch (SimdWidth.Bits)
        {
            case 512:
                Decode<Lanes512>(from, count, scale, to);
                break;
            case 256:
                Decode<Lanes256>(from, count, scale, to);
                break;
            default:
                Decode<Lanes128>(from, count, scale, to);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Decode<V>(short* from, long count, float scale, float* to) where V : unmanaged, ILanes<V>
    {
        V factor = V.All(scale);
        for (long i = 0; i < count; i += V.Count)
            V.Store(V.Multiply(V.LoadHalf(from + i), factor), to + i);
    }
}
