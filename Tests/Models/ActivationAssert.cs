using NativeFree.Kernels;

namespace NativeFree.Tests;

/// <summary>Compares an activation with what a framework stored of it; differences count relative to the layer's largest magnitude, and NaN fails.</summary>
internal static class ActivationAssert
{
    /// <summary>Shape, mean, spread, largest magnitude, samples by channels-first index, and the whole array where it is stored.</summary>
    internal static void Close(string what, Dictionary<string, ReferenceArray> stored, string layer, Tensor value, double tolerance)
    {
        float[] got = value.ToNchw();
        if (stored.TryGetValue($"{layer}.shape", out ReferenceArray? shape))
            Assert.Equal(Nchw(value.Shape)[^shape.Shape[0]..], shape.As<long>());
        double largest = stored.TryGetValue($"{layer}.stats", out ReferenceArray? stats) ? stats.As<double>()[2] : Floats(stored[$"{layer}.full"]).Max(Math.Abs);
        if (stats is not null)
        {
            double[] expected = stats.As<double>();
            double mean = got.Average(v => (double)v);
            Compare($"{what} mean, spread, largest", [mean, Math.Sqrt(got.Average(v => (v - mean) * (v - mean))), got.Max(v => Math.Abs((double)v))], expected, tolerance * largest);
        }
        if (stored.TryGetValue($"{layer}.value", out ReferenceArray? samples))
            Compare(what, [.. stored[$"{layer}.index"].As<long>().Select(i => (double)got[i])], Floats(samples), tolerance * largest);
        if (stored.TryGetValue($"{layer}.full", out ReferenceArray? full))
        {
            Compare(what, [.. got.Select(v => (double)v)], Floats(full), tolerance * largest);
            if (layer is "prob" or "predictions" or "fc1000")
                SameOrder(what, got, Floats(full), tolerance * largest);
        }
    }

    /// <summary>A whole array [N, …], and the order of each row's five largest.</summary>
    internal static void Close(string what, ReferenceArray stored, Tensor value, double tolerance)
    {
        double[] expected = Floats(stored);
        float[] got = value.ToNchw();
        double largest = expected.Max(Math.Abs);
        Compare(what, [.. got.Select(v => (double)v)], expected, tolerance * largest);
        int row = expected.Length / stored.Shape[0];
        for (int i = 0; i < stored.Shape[0]; i++)
            SameOrder(what, got.AsSpan(i * row, row).ToArray(), expected[(i * row)..((i + 1) * row)], tolerance * largest);
    }

    /// <summary>The five largest come in the same order wherever neighbours differ by more than the allowance.</summary>
    private static void SameOrder(string what, float[] got, double[] expected, double allowance)
    {
        int[] order = [.. Enumerable.Range(0, expected.Length).OrderByDescending(i => expected[i]).Take(6)];
        for (int i = 0; i + 1 < order.Length; i++)
        {
            if (expected[order[i]] - expected[order[i + 1]] > 2 * allowance)
                Assert.True(got[order[i]] > got[order[i + 1]], $"{what}: class {order[i]} stands before {order[i + 1]} in the reference, here {got[order[i]]} and {got[order[i + 1]]}");
        }
    }

    private static void Compare(string what, double[] got, double[] expected, double allowance)
    {
        Assert.Equal(expected.Length, got.Length);
        for (int i = 0; i < got.Length; i++)
        {
            if (!(Math.Abs(got[i] - expected[i]) <= allowance))
                Assert.Fail($"{what} [{i}]: {got[i]:g9}, reference {expected[i]:g9}, allowed difference {allowance:g3}");
        }
    }

    private static long[] Nchw(Shape shape) => shape.Rank == 4 ? [shape[0], shape[3], shape[1], shape[2]] : [.. shape.ToArray().Select(extent => (long)extent)];

    private static double[] Floats(ReferenceArray array) => array.Type == "<f8" ? array.As<double>() : [.. array.As<float>().Select(v => (double)v)];
}
