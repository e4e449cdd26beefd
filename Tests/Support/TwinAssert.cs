namespace NativeFree.Tests;

/// <summary>Compares float32 results with a double twin, element by element, against a fraction of each sum's magnitude Σ|terms|; NaN fails.</summary>
internal static class TwinAssert
{
    public static void Close(string what, ReadOnlySpan<float> got, double[] expected, double[] magnitude, double fraction)
    {
        Assert.Equal(expected.Length, got.Length);
        int wrong = 0;
        var first = new List<string>();
        for (int i = 0; i < got.Length; i++)
        {
            if (Math.Abs(got[i] - expected[i]) <= (fraction * magnitude[i]) + 1e-30)
                continue;
            if (wrong++ < 5)
                first.Add($"[{i}] {expected[i]:g9}/{got[i]:g9}");
        }
        Assert.True(wrong == 0, $"{what}: {wrong} of {got.Length} differ (expected/actual): {string.Join(", ", first)}");
    }
}
