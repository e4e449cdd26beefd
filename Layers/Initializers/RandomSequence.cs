using System.Text;

namespace NativeFree.Layers;

/// <summary>
/// A sequence of random numbers in which any element can be asked for by its index (counter-based): element i of the sequence named (seed, key) is the SplitMix64 finalizer of start + (i+1)·golden ratio,
/// so equal names give equal numbers on every machine, in any order. Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014.
/// </summary>
internal readonly struct RandomSequence
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong start;

    public RandomSequence(int seed, string key)
    {
        // FNV-1a over the key, then mixed with the seed, so that neighbouring seeds and similar keys start far apart.
        ulong hash = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(key))
            hash = (hash ^ b) * 1099511628211;
        start = Mix(hash + (Mix((ulong)seed + Golden) * Golden));
    }

    /// <summary>64 random bits.</summary>
    public ulong Bits(long index) => Mix(start + (((ulong)index + 1) * Golden));

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double Uniform(long index) => (Bits(index) >> 11) * (1.0 / (1L << 53));

    /// <summary>Two independent standard normal numbers from elements 2·pair and 2·pair + 1 (Box and Muller, 1958).</summary>
    public (double First, double Second) Normals(long pair)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - Uniform(2 * pair)));
        (double sin, double cos) = Math.SinCos(2 * Math.PI * Uniform((2 * pair) + 1));
        return (radius * cos, radius * sin);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
