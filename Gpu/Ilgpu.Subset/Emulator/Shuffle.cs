namespace NativeFree.Gpu.Emulation;

/// <summary>Orders drawn from a seed, the same on every machine.</summary>
internal static class Shuffle
{
    public static long[] Longs(long count, ulong seed)
    {
        long[] order = new long[count];
        for (long i = 0; i < count; i++)
            order[i] = i;
        ulong state = seed;
        for (long i = count - 1; i > 0; i--)
        {
            long j = (long)Math.BigMul(Next(ref state), (ulong)i + 1, out _);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    /// <summary>Another order for each group and each round of it.</summary>
    public static void InPlace(int[] order, ulong seed, long group, long round)
    {
        ulong state = seed ^ ((ulong)group << 20) ^ (ulong)round;
        for (int i = order.Length - 1; i > 0; i--)
        {
            int j = (int)Math.BigMul(Next(ref state), (ulong)i + 1, out _);
            (order[i], order[j]) = (order[j], order[i]);
        }
    }

    // SplitMix64 (Steele, Lea, Flood 2014): any state is a good one.
    private static ulong Next(ref ulong state)
    {
        ulong mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
