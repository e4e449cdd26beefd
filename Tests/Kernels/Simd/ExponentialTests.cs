using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Tests.KernelFamilies;

public sealed unsafe class ExponentialTests
{
    [Fact]
    public void It_is_within_a_unit_or_so_everywhere_and_the_same_in_a_tail()
    {
        double worst = 0;
        for (int i = 0; i <= 2_000_000; i++)
        {
            float x = (i - 1_040_000) / 10_000f;
            double exact = Math.Exp(x), arrived = Of(x);
            double unit = Math.Max(1.4012984643e-45, Math.BitIncrement((float)exact) == 0 ? 0 : MathF.BitIncrement((float)Math.Min(exact, 3e38)) - (float)Math.Min(exact, 3e38));
            if (exact < 3.4e38)
                worst = Math.Max(worst, Math.Abs(arrived - exact) / unit);
        }
        Assert.True(worst <= 1.1, $"worst error {worst:g4} units in the last place");
    }

    [Fact]
    public void Its_fixed_points_and_limits_are_exact()
    {
        Assert.Equal(1f, Of(0));
        Assert.Equal(1f, Of(-0f));
        Assert.Equal(float.PositiveInfinity, Of(88.8f));
        Assert.Equal(float.PositiveInfinity, Of(float.PositiveInfinity));
        Assert.Equal(0f, Of(-104.1f));
        Assert.Equal(0f, Of(float.NegativeInfinity));
        Assert.Equal(float.NaN, Of(float.NaN));
        Assert.Equal(MathF.Exp(-103), Of(-103));
    }

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        float* x = stackalloc float[16], y = stackalloc float[16];
        var random = new Random(1);
        for (int round = 0; round < 1000; round++)
        {
            for (int i = 0; i < 16; i++)
                x[i] = (float)((random.NextDouble() * 200) - 105);
            Lanes128.Store(Exponential.Of(Lanes128.Load(x)), y);
            for (int i = 0; i < 4; i++)
                Assert.Equal(BitConverter.SingleToUInt32Bits(Of(x[i])), BitConverter.SingleToUInt32Bits(y[i]));
            if (SimdWidth.Bits >= 256)
                Lanes256.Store(Exponential.Of(Lanes256.Load(x)), y);
            for (int i = 0; i < (SimdWidth.Bits >= 256 ? 8 : 4); i++)
                Assert.Equal(BitConverter.SingleToUInt32Bits(Of(x[i])), BitConverter.SingleToUInt32Bits(y[i]));
            if (SimdWidth.Bits >= 512)
                Lanes512.Store(Exponential.Of(Lanes512.Load(x)), y);
            for (int i = 0; i < SimdWidth.Lanes; i++)
                Assert.Equal(BitConverter.SingleToUInt32Bits(Of(x[i])), BitConverter.SingleToUInt32Bits(y[i]));
        }
    }

    [Fact]
    public void A_softmax_that_is_sure_has_logarithm_0_and_no_gradient()
    {
        foreach (int classes in (ReadOnlySpan<int>)[1, 3, 17, 40])
        {
            float[] logits = new float[classes];
            logits[^1] = 200;
            using var tape = new Tape();
            var x = new Variable(Tensor.From(CpuDevice.Default, new Shape(1, classes), logits), true);
            Variable loss = F.SoftmaxCrossEntropy(x, new Labels(classes - 1));
            tape.Backward(loss);
            Assert.Equal(0f, loss.Value.ToArray()[0]);
            Assert.Equal(0f, x.Gradient!.ToArray()[^1]);
        }
    }

    private static float Of(float x) => Lanes1.Sum(Exponential.Of(new Lanes1(x)));
}
