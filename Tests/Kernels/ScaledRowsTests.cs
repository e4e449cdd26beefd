using NativeFree.Kernels;

namespace NativeFree.Tests;

/// <summary>Filters times factors a channel, against the definition in double.</summary>
public sealed class ScaledRowsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(16_411, 5)]
    [InlineData(3, 20_011)]
    [InlineData(0, 4)]
    [InlineData(4, 0)]
    public void Each_row_meets_the_same_factors(int rows, int columns)
    {
        float[] x = [.. Enumerable.Range(0, rows * columns).Select(i => MathF.Sin(i))], y = new float[x.Length];
        double[] factors = [.. Enumerable.Range(0, columns).Select(i => Math.Cos(i) / 3)];
        ScaledRows.Multiply(x, factors, y);
        float[] wanted = [.. x.Select((value, i) => (float)(value * factors[i % columns]))];
        Assert.Equal(wanted, y);
    }
}
