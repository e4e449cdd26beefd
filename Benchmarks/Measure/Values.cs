using System.Runtime.InteropServices;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>Seeded values to compute with, and files of them for the peers.</summary>
internal static class Values
{
    /// <summary>A tensor of values in −1..1.</summary>
    public static Tensor Tensor(Device device, Shape shape, int seed) => Kernels.Tensor.From(device, shape, Of(shape.Count, seed));

    public static float[] Of(long count, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < values.Length; i++)
            values[i] = (random.NextSingle() * 2) - 1;
        return values;
    }

    /// <summary>Some indexes of an array: its ends and a few dozen in between.</summary>
    public static IEnumerable<int> Sample(long count)
    {
        const int samples = 40;
        for (int i = 0; i < samples; i++)
            yield return (int)((count - 1) * i / (samples - 1));
    }

    /// <summary>Writes little-endian float32 and gives the path.</summary>
    public static string Save(string folder, string name, ReadOnlySpan<float> values)
    {
        string path = Path.Combine(folder, name + ".bin");
        using FileStream file = File.Create(path);
        file.Write(MemoryMarshal.AsBytes(values));
        return path;
    }
}
