using System.Text;

namespace NativeFree.Tests;

/// <summary>The patterned values of the goldens (pattern.py): float32(centre + scale·table[(j + fnv1a32(key) + 7919·seed) mod 4093]).</summary>
internal static class Pattern
{
    private const int Period = 4093;

    private static readonly double[] Table = [.. Enumerable.Range(0, Period).Select(i => (((SplitMix((ulong)i) >> 40) / Math.Pow(2, 23)) - 1) * Math.Sqrt(3))];

    internal static float[] Fill(string key, int count, double centre, double scale, int seed)
    {
        uint hash = 2166136261;
        foreach (byte b in Encoding.UTF8.GetBytes(key))
            hash = unchecked((hash ^ b) * 16777619);
        long start = hash + (7919L * seed);
        return [.. Enumerable.Range(0, count).Select(j => (float)(centre + (scale * Table[(j + start) % Period])))];
    }

    private static ulong SplitMix(ulong i)
    {
        unchecked
        {
            ulong z = (i * 0x9E3779B97F4A7C15) + 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
