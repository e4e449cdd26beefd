using System.Runtime.CompilerServices;

namespace NativeFree.Kernels;

// The three loops over elements (one, two operands) that every elementwise function shares; the function is a struct, which the compiler writes into the loop. An item is a block of
// Block floats, so that the count of items stays an int for tensors of any size.

/// <summary>y = f(x), element by element.</summary>
internal interface IUnary
{
    V Apply<V>(V x) where V : unmanaged, ILanes<V>;
}

/// <summary>y = f(a, b), element by element.</summary>
internal interface IBinary
{
    V Apply<V>(V a, V b) where V : unmanaged, ILanes<V>;
}

/// <summary>The blocks a flat array is cut into.</summary>
internal static class Flat
{
    public const int Block = 4096;

    public static int Blocks(long count) => checked((int)((count + Block - 1) / Block));
}

/// <summary>The loop of one operand.</summary>
internal readonly unsafe struct UnaryKernel<F>(F f, float* x, float* y, long count) : IRangeKernel where F : struct, IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        F op = f;
        float* a = x, b = y;
        long end = Math.Min((long)to * Flat.Block, count), i = (long)from * Flat.Block;
        for (; i + V.Count <= end; i += V.Count)
            V.Store(op.Apply(V.Load(a + i)), b + i);
        for (; i < end; i++)
            Lanes1.Store(op.Apply(Lanes1.Load(a + i)), b + i);
    }
}

/// <summary>The loop of two operands.</summary>
internal readonly unsafe struct BinaryKernel<F>(F f, float* left, float* right, float* y, long count) : IRangeKernel where F : struct, IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        F op = f;
        float* a = left, b = right, c = y;
        long end = Math.Min((long)to * Flat.Block, count), i = (long)from * Flat.Block;
        for (; i + V.Count <= end; i += V.Count)
            V.Store(op.Apply(V.Load(a + i), V.Load(b + i)), c + i);
        for (; i < end; i++)
            Lanes1.Store(op.Apply(Lanes1.Load(a + i), Lanes1.Load(b + i)), c + i);
    }
}
