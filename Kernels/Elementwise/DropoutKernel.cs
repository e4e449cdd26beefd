namespace NativeFree.Kernels;

/// <summary>Fills a mask from (seed, index); formula at <see cref="IElementwise.DropoutMask"/>. Integer work, one element at a time: masks sit behind dense layers and are small.</summary>
internal readonly unsafe struct DropoutKernel(float* mask, long count, ulong seed, uint threshold) : IRangeKernel
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    public void Run<V>(int from, int to) where V : unmanaged, ILanes<V>
    {
        long end = Math.Min((long)to * Flat.Block, count);
        for (long i = (long)from * Flat.Block; i < end; i++)
            mask[i] = (uint)(Mix(seed + ((ulong)(i + 1) * Step)) >> 32) >= threshold ? 1 : 0;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
