using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NativeFree.Kernels;

/// <summary>A row of channels between zeros, in native memory where it is too long for the stack.</summary>
internal readonly unsafe struct PaddedRow(int length) : IDisposable
{
    /// <summary>Floats that go on the stack: 8 KiB of each thread.</summary>
    public const int OnStack = 2048;

    public float* Pointer { get; } = (float*)NativeMemory.Alloc((nuint)length, sizeof(float));

    public static int Length(int channels, int half) => checked(channels + (2 * half));

    /// <summary>to[c] = from[c]².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Squares<V>(float* from, int channels, float* to) where V : unmanaged, ILanes<V>
    {
        int c = 0;
        for (; c + V.Count <= channels; c += V.Count)
        {
            V v = V.Load(from + c);
            V.Store(V.Multiply(v, v), to + c);
        }
        for (; c < channels; c++)
            to[c] = from[c] * from[c];
    }

    /// <summary>The sum of 2·half + 1 neighbours, for each lane; the first lane's window begins at <paramref name="window"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sum<V>(float* window, int half) where V : unmanaged, ILanes<V>
    {
        V sum = V.Load(window);
        for (int i = 1; i <= 2 * half; i++)
            sum = V.Add(sum, V.Load(window + i));
        return sum;
    }

    public void Dispose() => NativeMemory.Free(Pointer);
}
