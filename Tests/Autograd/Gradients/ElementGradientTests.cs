using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Tests.Reference;

namespace NativeFree.Tests.Operators;

public sealed class ElementGradientTests
{
    public static TheoryData<int> Lengths => [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 65, 129, 257, 5003];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Activations(int length)
    {
        Real x = GradientCheck.Normal(length, length).Map(value => 2 * value);
        GradientCheck.Run(1, v => F.Relu(v[0]), v => v[0].Map(value => Math.Max(value, 0)), x);
        GradientCheck.Run(2, v => F.LeakyRelu(v[0], 0.3f), v => v[0].Map(value => value > 0 ? value : (double)0.3f * value), x);
        GradientCheck.Run(3, v => F.Sigmoid(v[0]), v => v[0].Map(value => 1 / (1 + Math.Exp(-value))), x);
        GradientCheck.Run(4, v => F.Tanh(v[0]), v => v[0].Map(Math.Tanh), x);
    }

    [Fact]
    public void Activations_at_the_ends_of_the_range_are_exact_and_keep_nan()
    {
        float[] x = [0, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 100, -100, 1e-30f, -1e-30f, 3e38f, -3e38f];
        Tensor tensor = Tensor.From(CpuDevice.Default, new Shape(x.Length), x);
        Assert.Equal([0, 0, float.PositiveInfinity, 0, float.NaN, 100, 0, 1e-30f, 0, 3e38f, 0], F.Relu(tensor).Value.ToArray());
        float[] sigmoid = F.Sigmoid(tensor).Value.ToArray(), tanh = F.Tanh(tensor).Value.ToArray();
        Assert.Equal([0.5f, 0.5f, 1, 0, float.NaN, 1, 0, 0.5f, 0.5f, 1, 0], sigmoid.Select((value, i) => i == 6 && value < 1e-40f ? 0 : value));
        Assert.Equal([0, 0, 1, -1, float.NaN, 1, -1, 1e-30f, -1e-30f, 1, -1], tanh);
    }

    [Fact]
    public void Tanh_is_within_two_units_in_the_last_place_everywhere()
    {
        float[] x = [.. Enumerable.Range(0, 40001).Select(i => (i - 20000) / 2000f)];
        float[] y = F.Tanh(Tensor.From(CpuDevice.Default, new Shape(x.Length), x)).Value.ToArray();
        for (int i = 0; i < x.Length; i++)
        {
            double exact = Math.Tanh(x[i]);
            Assert.True(Math.Abs(y[i] - exact) <= 2.5 * Math.Abs(MathF.BitIncrement((float)exact) - (float)exact), $"tanh {x[i]:g9}: expected {exact:g9}, got {y[i]:g9}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(37)]
    [InlineData(4099)]
    public void Arithmetic(int length)
    {
        Real a = GradientCheck.Normal(1, length), b = GradientCheck.Normal(2, length), c = GradientCheck.Normal(3, length);
        GradientCheck.Run(4, v => F.Add(v), v => v[0].Zip(v[1], (p, q) => p + q).Zip(v[2], (p, q) => p + q), a, b, c);
        GradientCheck.Run(5, v => F.Subtract(v[0], v[1]), v => v[0].Zip(v[1], (p, q) => p - q), a, b);
        GradientCheck.Run(6, v => F.Multiply(v[0], v[1]), v => v[0].Zip(v[1], (p, q) => p * q), a, b);
        GradientCheck.Run(7, v => F.Scale(v[0], -1.25f), v => v[0].Map(value => -1.25 * value), a);
    }

    [Fact]
    public void A_variable_used_several_times_gets_the_sum_of_its_gradients()
    {
        Real a = GradientCheck.Normal(1, 19), b = GradientCheck.Normal(2, 19);
        GradientCheck.Run(3, v => F.Add(v[0], v[0], F.Multiply(v[0], v[0])), v => v[0].Map(x => (2 * x) + (x * x)), a);
        GradientCheck.Run(4, v => F.Multiply(F.Add(v[0], v[1]), F.Add(v[1], v[0])), v => v[0].Zip(v[1], (p, q) => (p + q) * (p + q)), a, b);
        GradientCheck.Run(5, v => F.Add(F.Reshape(v[0], new Shape(19)), v[0]), v => v[0].Map(x => 2 * x), a);
        // A shortcut around two operators, as in a residual block: the gradient handed on without a copy must not be written to.
        GradientCheck.Run(6, v =>
        {
            Variable h = F.Scale(v[0], 1);
            Variable y = F.Add(F.Tanh(h), h);
            return F.Add(F.Sigmoid(y), y, h);
        }, v => v[0].Map(x => (1 / (1 + Math.Exp(-(Math.Tanh(x) + x)))) + Math.Tanh(x) + x + x), a);
    }

    [Fact]
    public void Dropout_with_a_given_mask()
    {
        Real x = GradientCheck.Normal(1, 5, 7);
        float[] mask = [.. Enumerable.Range(0, 35).Select(i => i % 3 == 0 ? 0f : 1f)];
        GradientCheck.Run(2, v => F.Dropout(v[0], 0.25f, Tensor.From(v[0].Device, v[0].Shape, mask)), v => v[0].Zip(new Real([5, 7], [.. mask.Select(m => (double)m)]), (p, m) => p * m / 0.75), x);
    }

    [Theory]
    [InlineData(5, 1, 1, 1)]
    [InlineData(2, 3, 4, 5)]
    [InlineData(3, 17, 2, 33)]
    public void Sums_and_means(int a, int b, int c, int d)
    {
        Real x = GradientCheck.Normal(1, a, b, c, d);
        foreach (int[] axes in (int[][])[[], [0], [1], [3], [1, 2], [0, 1, 2], [0, 3], [0, 2], [3, 1], [2, 3]])
        {
            GradientCheck.Run(2, v => F.Sum(v[0], axes), v => Twins.Sum(v[0], false, axes), x);
            GradientCheck.Run(3, v => F.Mean(v[0], axes), v => Twins.Sum(v[0], true, axes), x);
        }
        GradientCheck.Run(4, v => F.Sum(v[0], -1, -2), v => Twins.Sum(v[0], false, 2, 3), x);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(2, 10)]
    [InlineData(5, 37)]
    public void Softmax(int rows, int classes)
    {
        Real x = GradientCheck.Normal(1, rows, classes).Map(value => 3 * value), image = GradientCheck.Normal(2, 2, 3, rows, classes);
        GradientCheck.Run(3, v => F.Softmax(v[0]), v => Twins.Softmax(v[0], 1, false), x);
        GradientCheck.Run(4, v => F.LogSoftmax(v[0]), v => Twins.Softmax(v[0], 1, true), x);
        foreach (int axis in (ReadOnlySpan<int>)[0, 1, 2, 3])
        {
            GradientCheck.Run(5, v => F.Softmax(v[0], axis), v => Twins.Softmax(v[0], axis, false), image);
            GradientCheck.Run(6, v => F.LogSoftmax(v[0], axis), v => Twins.Softmax(v[0], axis, true), image);
        }
    }
}
