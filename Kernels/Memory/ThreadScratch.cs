using System.Runtime.InteropServices;

namespace NativeFree.Kernels;

/// <summary>Host memory for the inner loops: one growing block a thread, and a block of zeros for everybody (what a padded pixel points at).</summary>
internal static unsafe class ThreadScratch
{
    /// <summary>Floats in <see cref="Zeros"/>: more than any kernel reads through one pointer.</summary>
    public const int ZeroCount = 16 * 1024;

    /// <summary>Zeros, never written.</summary>
    public static readonly float* Zeros = (float*)NativeMemory.AlignedAlloc(ZeroCount * sizeof(float), 64);

    [ThreadStatic]
    private static Block? block;

    static ThreadScratch() => NativeMemory.Clear(Zeros, ZeroCount * sizeof(float));

    /// <summary>At least <paramref name="count"/> floats with arbitrary contents, this thread's own, valid until it asks again.</summary>
    public static float* Rent(int count)
    {
        if (block is null || block.Count < count)
            block = new Block(count);
        return block.Address;
    }

    private sealed class Block(int count)
    {
        ~Block() => NativeMemory.AlignedFree(Address);

        public int Count { get; } = count;

        public float* Address { get; } = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
    }
}
