using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Tests.Autograd;

/// <summary>
/// Max pooling inside the convolution before it: where a plan does it and where it must not, with the bits of the plan in which the caller asks for the convolution's own value too, so that the pooling is a step of its own.
/// </summary>
public sealed class PooledPlanTests
{
    private const string Fused = "convolution, winograd 4×4, max pooling";
    private const string Winograd = "convolution, winograd 4×4";
    private const string Direct = "convolution, direct";
    private const string Pooling = "max pooling";

    private static readonly CpuDevice Device = new(2);
    private int seed = 300;

    /// <summary>batch, height, width, channels in and out.</summary>
    public static TheoryData<int, int, int, int, int> Sizes => new()
    {
        { 1, 13, 9, 16, 48 },
        { 2, 8, 7, 48, 16 },
        { 1, 9, 14, 16, 64 },
        { 3, 5, 29, 64, 16 },
        { 1, 28, 28, 32, 80 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_pooled_convolution_has_the_bits_of_two_steps(int n, int h, int w, int i, int o)
    {
        Func<Variable, Variable> convolution = Conv(3, i, o), other = Conv(1, i, o);
        foreach (bool coverAll in new[] { false, true })
        {
            Check([Fused], convolution);
            Check([Fused], x => F.Relu(convolution(x)));
            Check([Direct, Fused], x => F.Add(convolution(x), other(x)));
            Check([Direct, Fused], x => F.Relu(F.Add(convolution(x), other(x))));
            Check([Winograd, Direct, Pooling], x => F.Relu(F.Add(other(x), convolution(x))));

            void Check(string[] steps, Func<Variable, Variable> model)
            {
                InferencePlan plan = Compare(new Shape(n, h, w, i), steps, x =>
                {
                    Variable c = model(x);
                    return (c, Pool(c, coverAll));
                });
                if (steps is [Fused])
                    Assert.InRange(plan.ArenaBytes, 1, sizeof(float) * ((n * ((h + 1) / 2) * ((w + 1) / 2) * o) + 15));
            }
        }
    }

    [Fact]
    public void What_others_read_is_pooled_in_a_step_of_its_own()
    {
        Func<Variable, Variable> convolution = Conv(3, 16, 32);
        Compare(new Shape(1, 10, 11, 16), [Winograd, Pooling, "join"], x =>
        {
            Variable c = convolution(x), p = Pool(c);
            return (c, F.Concat(-1, p, F.Slice(c, [0, 0, 0, 0], [1, 5, 6, 32])));
        }, "Slice, as outside plans");
        Compare(new Shape(1, 10, 11, 16), [Winograd, Pooling], x =>
        {
            Variable c = convolution(x);
            return (c, F.MaxPooling2D(c, (3, 3), (2, 2)));
        });
        Func<Variable, Variable> partVector = Conv(3, 16, 21);
        Compare(new Shape(1, 10, 11, 16), [Direct, Pooling], x =>
        {
            Variable c = partVector(x);
            return (c, Pool(c));
        });
    }

    [Fact]
    public void What_follows_the_pooling_stays_behind_it()
    {
        Func<Variable, Variable> convolution = Conv(3, 16, 32);
        Tensor scale = Constant(new Shape(32)), shift = Constant(new Shape(32)), mean = Constant(new Shape(32)), variance = Scope.Detach(Tensor.From(Device, new Shape(32), [.. Noise.Of(32, 9).Select(v => 1.5f + v)]));
        Tensor more = Constant(new Shape(1, 6, 6, 32));
        Compare(new Shape(1, 11, 12, 16), [Fused, "Relu"], x =>
        {
            Variable c = convolution(x);
            return (c, F.Relu(Pool(c)));
        });
        Compare(new Shape(1, 11, 12, 16), [Fused, "BatchNormalization"], x =>
        {
            Variable c = convolution(x);
            return (c, F.BatchNormalization(Pool(c), scale, shift, mean, variance));
        });
        Compare(new Shape(1, 11, 12, 16), [Fused, "add"], x =>
        {
            Variable c = convolution(x);
            return (c, F.Add(Pool(c), more));
        });
        Compare(new Shape(1, 11, 12, 16), [Fused, Pooling], x =>
        {
            Variable c = convolution(x);
            return (c, Pool(Pool(c)));
        });
    }

    [Fact]
    public void A_join_takes_what_was_pooled_in_place()
    {
        Func<Variable, Variable> a = Conv(3, 16, 48), b = Conv(1, 16, 16), c = Conv(3, 16, 32);
        Compare(new Shape(2, 7, 10, 16), [Fused, Fused, "join, in place"], x =>
        {
            Variable first = F.Relu(a(x));
            return (first, F.Concat(-1, Pool(first), Pool(c(x))));
        });
        // A ReLU behind the join does not go before a pooling.
        Compare(new Shape(2, 7, 10, 16), [Fused, Fused, "join, in place", "Relu"], x =>
        {
            Variable first = a(x);
            return (first, F.Relu(F.Concat(-1, Pool(first), Pool(c(x)))));
        });
        Compare(new Shape(2, 8, 6, 16), [Fused, Direct, Pooling, "join"], x =>
        {
            Variable first = F.Relu(a(x));
            return (first, F.Concat(-1, Pool(first), Pool(b(x))));
        });
    }

    [Fact]
    public void Padding_below_and_to_the_right_is_a_window_that_hangs_over()
    {
        Func<Variable, Variable> convolution = Conv(3, 16, 32);
        Compare(new Shape(1, 9, 11, 16), [Fused], x =>
        {
            Variable c = F.Relu(convolution(x));
            return (c, Pool(F.Pad2D(c, new Padding(0, 0, 1, 1)), coverAll: false));
        });
        Compare(new Shape(1, 9, 11, 16), [Winograd, Pooling], x =>
        {
            Variable c = F.Relu(convolution(x));
            return (c, Pool(F.Pad2D(c, new Padding(1, 1, 0, 0)), coverAll: false));
        });
    }

    private static Variable Pool(Variable x, bool coverAll = true) => F.MaxPooling2D(x, (2, 2), (2, 2), Padding.None, coverAll);

    /// <summary>The steps of the plan for the second value alone, and its bits beside those of a plan that also gives the first, which is the convolution's.</summary>
    private static InferencePlan Compare(Shape shape, string[] steps, Func<Variable, (Variable Convolution, Variable Result)> model, params string[] beside)
    {
        using var scope = new Scope();
        InferencePlan plan = InferencePlan.Compile(Device, shape, x => new Dictionary<string, Variable> { ["y"] = model(x).Result });
        InferencePlan apart = InferencePlan.Compile(Device, shape, x =>
        {
            (Variable c, Variable y) = model(x);
            return new Dictionary<string, Variable> { ["c"] = c, ["y"] = y };
        });
        Assert.Equal(steps.Order(), plan.Profile(Tensor.Zeros(Device, shape), 1).Select(row => row.Algorithm).Where(algorithm => !beside.Contains(algorithm)).Order());
        float[] values = Noise.Of(shape.Count, 5);
        values[values.Length / 3] = float.NaN;
        foreach (Tensor x in new[] { Noise.On(Device, shape, 4), Tensor.From(Device, shape, values) })
        {
            IReadOnlyDictionary<string, Tensor> expected = apart.Run(x);
            float[] a = expected["y"].ToArray(), b = plan.Run(x)["y"].ToArray();
            Assert.Equal(Array.ConvertAll(a, BitConverter.SingleToInt32Bits), Array.ConvertAll(b, BitConverter.SingleToInt32Bits));
            Assert.Equal(x.ToArray().Any(float.IsNaN), b.Any(float.IsNaN));
        }
        return plan;
    }

    private Tensor Constant(Shape shape) => Scope.Detach(Noise.On(Device, shape, seed++));

    private Func<Variable, Variable> Conv(int kernel, int channels, int results)
    {
        Tensor w = Constant(new Shape(kernel, kernel, channels, results)), b = Constant(new Shape(results));
        return x => F.Convolution2D(x, w, b, (1, 1), Padding.All(kernel / 2));
    }
}
