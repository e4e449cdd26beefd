using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NativeFree.Loaders;

/// <summary>Some rows of an array to columns of another, a cache line at a time.</summary>
internal static unsafe class BlockTranspose
{
    /// <summary>Floats of a cache line: this many rows at once fill whole lines.</summary>
    public const int Line = 16;

    private const int Lanes = 4;

    /// <summary>destination[((p·b + j)·stride) + row] = rows[row, j, p] for <paramref name="count"/> rows of b·p floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter(float* rows, int count, int b, int p, float* destination, int stride)
    {
        int length = b * p, j = 0, k = 0, at = 0;
        if (Sse.IsSupported && count == Line)
        {
            for (; at + Lanes <= length; at += Lanes)
            {
                float* c0 = destination + Next(ref j, ref k, b, p, stride), c1 = destination + Next(ref j, ref k, b, p, stride);
                float* c2 = destination + Next(ref j, ref k, b, p, stride), c3 = destination + Next(ref j, ref k, b, p, stride);
                float* from = rows + at;
                for (int row = 0; row < Line; row += Lanes, from += (nint)Lanes * length)
                {
                    Vector128<float> r0 = Vector128.Load(from), r1 = Vector128.Load(from + length);
                    Vector128<float> r2 = Vector128.Load(from + (2 * (nint)length)), r3 = Vector128.Load(from + (3 * (nint)length));
                    Vector128<float> low01 = Sse.UnpackLow(r0, r1), high01 = Sse.UnpackHigh(r0, r1), low23 = Sse.UnpackLow(r2, r3), high23 = Sse.UnpackHigh(r2, r3);
                    Sse.MoveLowToHigh(low01, low23).Store(c0 + row);
                    Sse.MoveHighToLow(low23, low01).Store(c1 + row);
                    Sse.MoveLowToHigh(high01, high23).Store(c2 + row);
                    Sse.MoveHighToLow(high23, high01).Store(c3 + row);
                }
            }
        }
        for (; at < length; at++)
        {
            float* to = destination + Next(ref j, ref k, b, p, stride), from = rows + at;
            for (int row = 0; row < count; row++, from += length)
                to[row] = *from;
        }
    }

    /// <summary>Where column (j, k) begins; goes on to the next in the order of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nint Next(ref int j, ref int k, int b, int p, int stride)
    {
        nint start = (((nint)k * b) + j) * stride;
        if (++k == p)
        {
            k = 0;
            j++;
        }
        return start;
    }
}
