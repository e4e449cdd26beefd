using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Operators;

public sealed class NormalizationGradientTests
{
    [Theory]
    [InlineData(2, 3, 5, 7)]
    [InlineData(3, 1, 4, 33)]
    [InlineData(1, 61, 67, 3)]
    [InlineData(2, 5, 3, 130)]
    public void Batch_normalization_by_the_batch(int n, int h, int w, int c)
    {
        Real x = GradientCheck.Normal(1, n, h, w, c).Map(value => (1.7 * value) + 0.6), gamma = GradientCheck.Normal(2, c), beta = GradientCheck.Normal(3, c);
        var options = new BatchNormalizationOptions { Epsilon = 1e-3f };
        GradientCheck.Run(4, v => Run(v, options), v => Twins.BatchNormalization(v[0], v[1], v[2], null, null, 1e-3f), x, gamma, beta);
    }

    [Fact]
    public void Batch_normalization_of_rows()
    {
        Real x = GradientCheck.Normal(1, 11, 19), gamma = GradientCheck.Normal(2, 19), beta = GradientCheck.Normal(3, 19);
        GradientCheck.Run(4, v => Run(v, new BatchNormalizationOptions()), v => Twins.BatchNormalization(v[0], v[1], v[2], null, null, 2e-5f), x, gamma, beta);
    }

    [Theory]
    [InlineData(2, 3, 5, 7)]
    [InlineData(1, 1, 1, 33)]
    public void Batch_normalization_with_frozen_statistics(int n, int h, int w, int c)
    {
        Real x = GradientCheck.Normal(1, n, h, w, c), gamma = GradientCheck.Normal(2, c), beta = GradientCheck.Normal(3, c), mean = GradientCheck.Normal(5, c), variance = GradientCheck.Normal(6, c).Map(value => value * value);
        GradientCheck.Run(4,
            v => F.BatchNormalization(v[0], v[1], v[2], Of(v[0].Device, mean), Of(v[0].Device, variance), new BatchNormalizationOptions { Frozen = true, Epsilon = 0.01f }),
            v => Twins.BatchNormalization(v[0], v[1], v[2], mean, variance, 0.01f), x, gamma, beta);
    }

    [Fact]
    public void Frozen_statistics_stay_and_others_follow_only_on_a_training_tape()
    {
        CpuDevice device = CpuDevice.Default;
        Tensor x = Of(device, GradientCheck.Normal(1, 4, 3)), one = Tensor.Filled(device, new Shape(3), 1), zero = Tensor.Zeros(device, new Shape(3));
        Tensor mean = Tensor.Zeros(device, new Shape(3)), variance = Tensor.Filled(device, new Shape(3), 1);
        float[] Plain() => F.BatchNormalization(x, one, zero, mean, variance).Value.ToArray();
        float[] before = Plain();
        using (new Tape(training: false))
            Assert.Equal(before, Plain());
        using (new Tape())
            F.BatchNormalization(x, one, zero, mean, variance, new BatchNormalizationOptions { Frozen = true });
        Assert.Equal([0f, 0f, 0f], mean.ToArray());
        Assert.Equal([1f, 1f, 1f], variance.ToArray());
        using (new Tape())
            Assert.NotEqual(before, Plain());
        Assert.NotEqual([0f, 0f, 0f], mean.ToArray());
        using (new Tape())
        using (new Scope())
        {
            float[] moved = mean.ToArray();
            Plain();
            Assert.Equal(moved, mean.ToArray());
        }
    }

    [Theory]
    [InlineData(2, 3, 1, 17, 5, 1f, 2e-5f, 0.75f)]
    [InlineData(1, 2, 5, 3, 5, 2f, 0.3f, 0.75f)]
    [InlineData(1, 1, 3, 37, 3, 1f, 0.5f, 2f)]
    [InlineData(1, 1, 2, 2100, 7, 1f, 0.25f, 0.5f)]
    [InlineData(1, 3, 2, 1, 1, 1f, 0.25f, 1f)]
    public void Local_response_normalization(int n, int h, int w, int c, int window, float k, float alpha, float beta) =>
        GradientCheck.Run(2, v => F.LocalResponseNormalization(v[0], window, k, alpha, beta), v => Twins.LocalResponse(v[0], window, k, alpha, beta), GradientCheck.Normal(1, n, h, w, c));

    private static Variable Run(Variable[] v, BatchNormalizationOptions options) =>
        F.BatchNormalization(v[0], v[1], v[2], Tensor.Zeros(v[0].Device, v[1].Shape), Tensor.Filled(v[0].Device, v[1].Shape, 1), options);

    private static Tensor Of(Device device, Real values) => Tensor.From(device, new Shape(values.Shape), [.. values.Values.Select(value => (float)value)]);
}
