using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Tests.Autograd;

/// <summary>Plans against the same operators run one by one: every fusion, joins in place, values that the caller keeps in sight, shapes that no tile divides.</summary>
public sealed class InferencePlanTests
{
    // Folding and Winograd change the order and number of roundings: a fraction of the largest value.
    private const double Tolerance = 1e-5;

    private static readonly CpuDevice Device = new(2);
    private int seed = 100;

    [Fact]
    public void A_residual_block_becomes_four_convolutions()
    {
        Func<Variable, Variable> first = Normalized(Conv(1, 16, 48)), second = Normalized(Conv(3, 48, 48)), third = Normalized(Conv(1, 48, 80)), shortcut = Normalized(Conv(1, 16, 80));
        InferencePlan plan = Check(new Shape(2, 13, 11, 16), x => new() { ["out"] = F.Relu(F.Add(third(F.Relu(second(F.Relu(first(x))))), shortcut(x))) });
        Assert.Equal(4, Steps(plan).Count);
        Assert.All(Steps(plan), row => Assert.Contains("convolution", row.Algorithm, StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_caller_asks_for_is_not_fused_away()
    {
        Func<Variable, Variable> convolution = Conv(3, 16, 32), normalize = Normalized(x => x, 32);
        Check(new Shape(1, 9, 10, 16), x =>
        {
            Variable c = convolution(x), n = normalize(c), r = F.Relu(n);
            return new() { ["conv"] = c, ["bn"] = n, ["relu"] = r, ["sum"] = F.Add(r, n) };
        });
    }

    [Fact]
    public void A_join_is_written_by_its_producers_and_relu_goes_before_it()
    {
        Func<Variable, Variable> a = Conv(1, 16, 16), b = Conv(3, 16, 40), c = Conv(5, 16, 7);
        InferencePlan plan = Check(new Shape(1, 14, 15, 16), x => new() { ["join"] = F.Relu(F.Concat(-1, a(x), b(x), F.MaxPooling2D(x, (3, 3), (1, 1), Padding.All(1), false), c(x))) });
        Assert.Contains(Steps(plan), row => row.Algorithm == "join");
        plan = Check(new Shape(1, 14, 15, 16), x => new() { ["join"] = F.Relu(F.Concat(-1, a(x), b(x), c(x))) });
        Assert.Contains(Steps(plan), row => row.Algorithm == "join, in place");
        Assert.DoesNotContain(Steps(plan), row => row.Algorithm == "Relu");
    }

    [Fact]
    public void Padding_layers_go_into_what_follows_only_where_that_is_the_same()
    {
        Func<Variable, Variable> convolution = Conv(7, 3, 24, same: false);
        InferencePlan plan = Check(new Shape(1, 23, 21, 3), x => new()
        {
            ["out"] = F.MaxPooling2D(F.Pad2D(F.Relu(convolution(F.Pad2D(x, Padding.All(3)))), Padding.All(1)), (3, 3), (2, 2), Padding.None, false),
        });
        Assert.Equal(2, Steps(plan).Count);
        // Without ReLU a value may be negative, and then a padded 0 may win.
        plan = Check(new Shape(1, 23, 21, 3), x => new() { ["out"] = F.MaxPooling2D(F.Pad2D(convolution(x), Padding.All(1)), (3, 3), (2, 2), Padding.None, false) });
        Assert.Equal(3, Steps(plan).Count);
    }

    [Fact]
    public void Dense_layers_softmax_and_reshapes_follow_convolutions()
    {
        Func<Variable, Variable> convolution = Conv(3, 16, 21);
        Tensor w = Constant(new Shape(5 * 6 * 21, 31)), b = Constant(new Shape(31)), w2 = Constant(new Shape(31, 9));
        Check(new Shape(3, 5, 6, 16), x => new() { ["prob"] = F.Softmax(F.Linear(F.Relu(F.Linear(F.Flatten(F.Relu(convolution(x))), w, b)), w2)) });
        Check(new Shape(3, 5, 6, 16), x => new() { ["pool"] = F.GlobalAveragePooling2D(convolution(x)), ["lrn"] = F.LocalResponseNormalization(x, 5, 1, 0.1f) });
    }

    [Fact]
    public void A_transposed_convolution_takes_its_normalization_and_relu()
    {
        Tensor w = Constant(new Shape(2, 3, 18, 20)), b = Constant(new Shape(18));
        Func<Variable, Variable> normalize = Normalized(x => x, 18);
        InferencePlan plan = Check(new Shape(1, 5, 4, 20), x => new() { ["up"] = F.Relu(normalize(F.Deconvolution2D(x, w, b, (2, 2)))) });
        Assert.Single(Steps(plan));
        Check(new Shape(1, 5, 4, 20), x => new() { ["up"] = normalize(F.Relu(F.Deconvolution2D(x, w, b, (2, 3)))) });
        Tensor grouped = Constant(new Shape(3, 3, 9, 20));
        Check(new Shape(1, 5, 4, 20), x => new() { ["up"] = normalize(F.Deconvolution2D(x, grouped, null, (2, 2), Padding.All(1), null, 2)) });
    }

    [Fact]
    public void Operators_without_a_step_of_their_own_run_as_outside_plans()
    {
        InferencePlan plan = Check(new Shape(1, 4, 5, 6), x => new() { ["y"] = F.Multiply(F.Sigmoid(x), F.Slice(F.Concat(1, x, x), [0, 2, 0, 0], [1, 4, 5, 6])), ["self"] = x });
        Assert.Contains(Steps(plan), row => row.Algorithm.EndsWith("as outside plans", StringComparison.Ordinal));
    }

    [Fact]
    public void A_thousand_runs_allocate_no_device_memory()
    {
        Func<Variable, Variable> convolution = Conv(3, 16, 16);
        InferencePlan plan = InferencePlan.Compile(Device, new Shape(1, 9, 9, 16), x => new Dictionary<string, Variable> { ["y"] = F.Relu(convolution(convolution(x))) });
        Tensor input = Noise.On(Device, new Shape(1, 9, 9, 16), 1);
        long before = 0;
        for (int i = 0; i < 1000; i++)
        {
            using var scope = new Scope();
            plan.Run(input);
            if (i == 0)
                before = Device.Pool.Allocations;
        }
        Assert.Equal(before, Device.Pool.Allocations);
    }

    [Fact]
    public void Another_shape_is_refused_and_a_cancelled_run_may_be_repeated()
    {
        Func<Variable, Variable> convolution = Conv(1, 16, 16);
        InferencePlan plan = InferencePlan.Compile(Device, new Shape(1, 3, 4, 16), x => new Dictionary<string, Variable> { ["y"] = convolution(x) });
        Assert.Contains("[1, 3, 4, 16]", Assert.Throws<ShapeException>(() => plan.Run(new Tensor(Device, new Shape(1, 4, 3, 16)))).Message, StringComparison.Ordinal);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Tensor x = Noise.On(Device, new Shape(1, 3, 4, 16), 3);
        Assert.Throws<OperationCanceledException>(() => plan.Run(x, stop.Token));
        Assert.Equal(plan.Run(x)["y"].ToArray(), plan.Clone().Run(x)["y"].ToArray());
    }

    [Fact]
    public void Values_alive_together_never_overlap_and_dead_ones_make_room()
    {
        PlanMemory.Life[] lives = [new(0, 100, 0, 1), new(1, 50, 1, 2), new(2, 100, 2, 4), new(3, 7, 0, 4), new(4, 33, 3, 4), new(5, 64, 4, 5)];
        (Dictionary<int, long> offsets, long size) = PlanMemory.Place(lives);
        foreach (PlanMemory.Life a in lives)
        {
            foreach (PlanMemory.Life b in lives)
            {
                if (a.Value < b.Value && a.First <= b.Last && b.First <= a.Last)
                    Assert.True(offsets[a.Value] + a.Count <= offsets[b.Value] || offsets[b.Value] + b.Count <= offsets[a.Value], $"{a} overlaps {b}");
            }
        }
        Assert.True(size <= 272, $"the arena takes {size} floats");
    }

    private static InferencePlan Check(Shape shape, Func<Variable, Dictionary<string, Variable>> model)
    {
        using var scope = new Scope();
        InferencePlan plan = InferencePlan.Compile(Device, shape, model);
        for (int run = 0; run < 2; run++)
        {
            Tensor x = Noise.On(Device, shape, 7 + run);
            Dictionary<string, Variable> expected = model(x);
            IReadOnlyDictionary<string, Tensor> got = plan.Run(x);
            Assert.Equal(expected.Keys, got.Keys);
            foreach ((string name, Variable value) in expected)
            {
                Assert.Equal(value.Shape, got[name].Shape);
                float[] a = value.Value.ToArray(), b = got[name].ToArray();
                float largest = a.Max(Math.Abs);
                for (int i = 0; i < a.Length; i++)
                    Assert.True(Math.Abs(a[i] - b[i]) <= Tolerance * largest, $"{name}[{i}]: {a[i]:g9} outside the plan, {b[i]:g9} inside; largest {largest:g4}");
            }
        }
        return plan;
    }

    private static IReadOnlyList<PlanProfileRow> Steps(InferencePlan plan) => plan.Profile(Tensor.Zeros(Device, plan.InputShape), 1);

    private Tensor Constant(Shape shape) => Scope.Detach(Noise.On(Device, shape, seed++));

    private Func<Variable, Variable> Conv(int kernel, int channels, int results, bool same = true)
    {
        Tensor w = Constant(new Shape(kernel, kernel, channels, results)), b = Constant(new Shape(results));
        return x => F.Convolution2D(x, w, b, (1, 1), same ? Padding.All(kernel / 2) : Padding.None);
    }

    private Func<Variable, Variable> Normalized(Func<Variable, Variable> inner, int channels = 0)
    {
        Tensor[]? constants = null;
        return x =>
        {
            Variable y = inner(x);
            channels = y.Shape[-1];
            constants ??= [Constant(new Shape(channels)), Constant(new Shape(channels)), Constant(new Shape(channels)), Scope.Detach(Tensor.From(Device, new Shape(channels), [.. Noise.Of(channels, seed++).Select(v => 1.5f + v)]))];
            return F.BatchNormalization(y, constants[0], constants[1], constants[2], constants[3]);
        };
    }
}
