using NativeFree.Kernels;

namespace NativeFree.Tests.KernelFamilies;

public sealed unsafe class LogarithmTests
{
    [Fact]
    public void It_is_within_a_unit_or_so_of_every_exponent_and_near_one()
    {
        double worst = 0;
        var random = new Random(1);
        for (int i = 0; i < 2_000_000; i++)
        {
            // Any positive bits; every fourth within a sixteenth of 1, where the logarithm is small.
            float x = i % 4 == 0 ? 1 + (float)((random.NextDouble() - 0.5) / 8) : BitConverter.Int32BitsToSingle(random.Next(1, 0x7f800000));
            double exact = Math.Log(x), arrived = Of(x), unit = MathF.BitIncrement(Math.Abs((float)exact)) - Math.Abs((float)exact);
            worst = Math.Max(worst, Math.Abs(arrived - exact) / unit);
            Assert.False(double.IsNaN(arrived), $"{x}");
        }
        Assert.True(worst <= 1.1, $"worst error {worst:g4} units in the last place");
    }

    [Fact]
    public void Its_fixed_points_and_limits_are_exact()
    {
        Assert.Equal(0f, Of(1));
        Assert.Equal(float.NegativeInfinity, Of(0));
        Assert.Equal(float.NegativeInfinity, Of(-0f));
        Assert.Equal(float.PositiveInfinity, Of(float.PositiveInfinity));
        Assert.Equal(float.NaN, Of(float.NaN));
        Assert.Equal(float.NaN, Of(-1e-40f));
        Assert.Equal(float.NaN, Of(-2));
        Assert.Equal(float.NaN, Of(float.NegativeInfinity));
        Assert.Equal((float)Math.Log(float.Epsilon), Of(float.Epsilon));
        Assert.Equal((float)Math.Log(float.MaxValue), Of(float.MaxValue));
    }

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        float* x = stackalloc float[16], y = stackalloc float[16];
        var random = new Random(2);
        for (int round = 0; round < 1000; round++)
        {
            for (int i = 0; i < 16; i++)
                x[i] = i == 0 ? -1 : BitConverter.Int32BitsToSingle(random.Next(0, 0x7f800001));
            Lanes128.Store(Logarithm.Of(Lanes128.Load(x)), y);
            Equal(x, y, 4);
            if (SimdWidth.Bits >= 256)
                Lanes256.Store(Logarithm.Of(Lanes256.Load(x)), y);
            Equal(x, y, SimdWidth.Bits >= 256 ? 8 : 4);
            if (SimdWidth.Bits >= 512)
                Lanes512.Store(Logarithm.Of(Lanes512.Load(x)), y);
            Equal(x, y, SimdWidth.Lanes);
        }
    }

    private static void Equal(float* x, float* y, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.True(float.IsNaN(y[i]) ? float.IsNaN(Of(x[i])) : BitConverter.SingleToUInt32Bits(Of(x[i])) == BitConverter.SingleToUInt32Bits(y[i]), $"ln {x[i]:g9}: {Of(x[i]):g9} alone, {y[i]:g9} in lane {i}");
    }

    private static float Of(float x) => Lanes1.Sum(Logarithm.Of(new Lanes1(x)));
}
