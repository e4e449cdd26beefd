using NativeFree.Kernels;

namespace NativeFree.Tests.Kernels;

/// <summary>Matrix products against plain double loops: every ordering of small and large, every transposition, few rows and many.</summary>
public sealed class CpuMatrixMultiplyTests
{
    private const double Rounding = 4e-7;

    private static readonly CpuDevice[] Devices = [new(1), new(2), new(3)];

    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 1, 530, 37 }, { 2, 63, 129 }, { 5, 1000, 1 }, { 12, 65, 71 }, { 13, 64, 31 }, { 7, 0, 5 }, { 0, 3, 4 }, { 3, 7, 0 },
        { 31, 17, 64 }, { 64, 65, 1030 }, { 97, 128, 3 }, { 6, 192, 256 }, { 131, 5, 257 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Products_equal_the_twin(int m, int n, int k)
    {
        float[] a = Noise.Of((long)m * k, 1), b = Noise.Of((long)k * n, 2), bias = Noise.Of(n, 3), addend = Noise.Of((long)m * n, 4);
        double[] value = new double[m * n], magnitude = new double[m * n];
        for (int i = 0; i < m; i++)
        for (int j = 0; j < n; j++)
        {
            double sum = bias[j] + (double)addend[(i * n) + j], size = Math.Abs(bias[j]) + Math.Abs(addend[(i * n) + j]);
            for (int p = 0; p < k; p++)
            {
                double term = a[(i * k) + p] * (double)b[(p * n) + j];
                sum += term;
                size += Math.Abs(term);
            }
            value[(i * n) + j] = Math.Max(sum, 0);
            magnitude[(i * n) + j] = size;
        }
        foreach ((bool ta, bool tb) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            float[]? first = null;
            foreach (CpuDevice device in Devices)
            {
                using var scope = new Scope();
                Tensor y = Noise.Unwritten(device, new Shape(m, n));
                device.MatrixMultiply.Multiply(
                    Tensor.From(device, ta ? new Shape(k, m) : new Shape(m, k), ta ? Flip(a, m, k) : a), ta,
                    Tensor.From(device, tb ? new Shape(n, k) : new Shape(k, n), tb ? Flip(b, k, n) : b), tb,
                    y, new Epilogue(Tensor.From(device, new Shape(n), bias), Tensor.From(device, new Shape(m, n), addend), true));
                float[] got = y.ToArray();
                TwinAssert.Close($"[{m}, {k}]·[{k}, {n}] {ta} {tb} on {device.Name}", got, value, magnitude, Rounding);
                Noise.AssertNothingBehind(y);
                Assert.True(first is null || first.AsSpan().SequenceEqual(got), $"{device.Threads} threads give other bits than 1");
                first ??= got;
            }
        }
    }

    [Fact]
    public void Sizes_that_disagree_are_refused()
    {
        CpuDevice device = Devices[0];
        var e = Assert.Throws<ShapeException>(() => device.MatrixMultiply.Multiply(
            new Tensor(device, new Shape(3, 4)), false, new Tensor(device, new Shape(5, 6)), false, new Tensor(device, new Shape(3, 6)), Epilogue.None));
        Assert.Equal("MatrixMultiply: [M, K]·[K, N] gives [M, N]; a = [3, 4], b = [5, 6], y = [3, 6].", e.Message);
    }

    private static float[] Flip(float[] matrix, int rows, int columns)
    {
        float[] flipped = new float[matrix.Length];
        for (int r = 0; r < rows; r++)
        for (int c = 0; c < columns; c++)
            flipped[(c * rows) + r] = matrix[(r * columns) + c];
        return flipped;
    }
}
