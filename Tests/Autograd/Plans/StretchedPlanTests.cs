using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Tests.Autograd;

/// <summary>Plans that run some pictures at a time through their large layers: the bits, operations and bytes of the plan that runs the whole batch through each, in less memory.</summary>
public sealed class StretchedPlanTests
{
    private const int Height = 37;
    private const int Width = 23;
    private const int Channels = 16;

    // Bytes that a value takes of a picture.
    private const int Value = Height * Width * Channels * sizeof(float);

    private static readonly CpuDevice Device = new(2);
    private int seed = 500;

    /// <summary>batch, values that the cache has room for, pictures at a time where three values meet.</summary>
    public static TheoryData<int, int, int> Batches => new()
    {
        { 3, 6, 1 },
        { 4, 6, 2 },
        { 6, 6, 2 },
        { 7, 6, 1 },
        { 8, 6, 2 },
        { 8, 12, 4 },
    };

    [Theory]
    [MemberData(nameof(Batches))]
    public void A_residual_network_has_the_bits_of_the_whole_batch(int batch, int values, int pictures)
    {
        Func<Variable, Variable> first = Conv(3), second = Conv(3), third = Conv(1), last = Conv(1, 5);
        Tensor w = Constant(new Shape(19 * 12 * 5, 9)), b = Constant(new Shape(9));
        InferencePlan plan = Compare(batch, values, pictures, x =>
        {
            Variable a = F.Relu(first(x)), c = F.Relu(F.Add(second(F.Relu(third(a))), a)), p = F.MaxPooling2D(c, (3, 3), (2, 2), Padding.All(1), false);
            return new() { ["scores"] = F.Linear(F.Flatten(F.Relu(last(p))), w, b) };
        });
        // Four values of a part, and the pooled one of the whole batch, a quarter as large, beside a few scores; else three of the whole batch.
        Assert.InRange(plan.ArenaBytes, 1, (4 * pictures * Value) + (batch * Value / 3));
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void What_is_asked_for_or_read_behind_the_stretch_lies_there_for_the_whole_batch(int batch, int values, int pictures)
    {
        Func<Variable, Variable> first = Conv(3), second = Conv(1), third = Conv(1), behind = Conv(1);
        Compare(batch, values, pictures, x =>
        {
            Variable a = F.Relu(first(x)), c = second(a), d = F.Relu(F.Add(third(c), a));
            // A product ends the stretch; behind it a and d are read again, and the input too.
            Variable product = F.Multiply(d, d);
            return new() { ["inside"] = c, ["end"] = d, ["sum"] = F.Add(behind(product), a), ["input"] = F.Add(product, x), ["self"] = x };
        });
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Every_operator_of_a_stretch_has_the_bits_of_the_whole_batch(int batch, int values, int pictures)
    {
        // With seven channels no picture begins at a whole vector.
        Func<Variable, Variable> convolution = Conv(1), five = Conv(5, 7);
        Tensor up = Constant(new Shape(2, 2, 8, Channels)), depthwise = Constant(new Shape(3, 3, 1, Channels)), grouped = Constant(new Shape(3, 3, 8, Channels));
        Tensor gamma = Constant(new Shape(Channels)), beta = Constant(new Shape(Channels)), mean = Constant(new Shape(Channels));
        Tensor variance = Scope.Detach(Tensor.From(Device, new Shape(Channels), [.. Noise.Of(Channels, 9).Select(v => 1.5f + v)]));
        Compare(batch, values, pictures, x =>
        {
            Variable a = F.LocalResponseNormalization(F.Sigmoid(x), 5, 1, 0.1f), c = F.BatchNormalization(F.Tanh(a), gamma, beta, mean, variance);
            Variable d = F.Add(F.LeakyRelu(F.Convolution2D(c, depthwise, null, (1, 1), Padding.All(1), null, Channels)), c);
            Variable e = F.Add(F.Convolution2D(d, grouped, null, (1, 1), Padding.All(1), null, 2), d), f = F.AveragePooling2D(e, (2, 2), (2, 2));
            return new() { ["up"] = F.Deconvolution2D(f, up, null, (2, 2)), ["few"] = F.Tanh(F.Sigmoid(F.Add(five(e), five(d)))), ["one"] = F.Add(convolution(e), e) };
        });
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Joins_take_their_parts_inside_and_across_the_end(int batch, int values, int pictures)
    {
        Func<Variable, Variable> a = Conv(3, 7), b = Conv(1, 9), c = Conv(1), d = Conv(3);
        Compare(batch, values, pictures, x =>
        {
            Variable join = F.Relu(F.Concat(-1, a(x), b(x))), copied = F.Concat(-1, F.MaxPooling2D(join, (3, 3), (1, 1), Padding.All(1), false), F.Relu(b(join)));
            Variable e = F.Add(c(join), join);
            // The first of these is written inside the stretch, the second behind it.
            return new() { ["copied"] = copied, ["across"] = F.Concat(-1, d(F.Add(c(e), e)), c(F.Multiply(e, e))) };
        });
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void A_fused_pooling_pools_its_own_pictures(int batch, int values, int pictures)
    {
        Func<Variable, Variable> first = Conv(3), second = Conv(3), other = Conv(1), third = Conv(1);
        InferencePlan plan = Compare(batch, values, pictures, x =>
        {
            Variable a = F.Add(other(x), x);
            return new() { ["y"] = third(F.MaxPooling2D(F.Relu(F.Add(second(F.Relu(first(a))), a)), (2, 2), (2, 2))) };
        });
        Assert.Contains(Steps(plan), row => row.Algorithm == $"convolution, winograd 4×4, max pooling, {pictures} at a time");
    }

    [Fact]
    public void The_whole_batch_chooses_the_algorithm()
    {
        // 8×8 pixels are four tiles, too few for Winograd's scheme; those of three pictures are enough.
        Func<Variable, Variable> convolution = Conv(3);
        Tensor up = Constant(new Shape(5, 5, Channels, Channels));
        InferencePlan plan = Compare(new Shape(3, 40, 40, Channels), 3 * 40 * 40 * Channels * sizeof(float), 1, x => new()
        {
            ["y"] = F.Deconvolution2D(convolution(F.MaxPooling2D(F.Sigmoid(x), (5, 5), (5, 5))), up, null, (5, 5)),
        });
        Assert.Contains(Steps(plan), row => row.Algorithm == "convolution, winograd 4×4, 1 at a time");
    }

    [Fact]
    public void Clones_run_beside_each_other()
    {
        using var scope = new Scope();
        Func<Variable, Variable> first = Conv(3), second = Conv(1);
        InferencePlan plan = Compile(new Shape(6, Height, Width, Channels), 6 * Value, x => new() { ["y"] = F.Add(second(F.Relu(first(x))), x) }), clone = plan.Clone();
        Assert.Contains(Steps(clone), row => row.Algorithm.EndsWith(" at a time", StringComparison.Ordinal));
        Tensor[] inputs = [Noise.On(Device, plan.InputShape, 1), Noise.On(Device, plan.InputShape, 2)];
        float[][] expected = [.. inputs.Select(x => plan.Run(x)["y"].ToArray())];
        Parallel.For(0, 2, i =>
        {
            using var inner = new Scope();
            for (int run = 0; run < 20; run++)
                Assert.Equal(expected[i], (i == 0 ? plan : clone).Run(inputs[i])["y"].ToArray());
        });
    }

    [Fact]
    public void A_profile_counts_all_parts_and_a_timeline_shows_each()
    {
        using var scope = new Scope();
        Func<Variable, Variable> first = Conv(3), second = Conv(1);
        Tensor w = Constant(new Shape(Channels, 3));
        InferencePlan plan = Compile(new Shape(6, Height, Width, Channels), 6 * Value, x => new() { ["y"] = F.Linear(F.GlobalAveragePooling2D(F.Add(second(F.Relu(first(x))), x)), w) });
        Tensor x = Noise.On(Device, plan.InputShape, 1);
        PlanTimeline timeline = plan.Timeline(x);
        PlanSpan[] steps = [.. timeline.Spans.Where(span => span.Thread == 0)];
        Assert.Equal([0, 1, 2, 0, 1, 2, 0, 1, 2, 3], steps.Select(span => span.Step));
        for (int i = 0; i < timeline.Rows.Count; i++)
            Assert.Equal(timeline.Rows[i].Milliseconds, steps.Where(span => span.Step == i).Sum(span => span.Milliseconds), 1e-9);
        foreach ((PlanSpan before, PlanSpan after) in steps.Zip(steps.Skip(1)))
            Assert.True(before.StartMilliseconds + before.Milliseconds <= after.StartMilliseconds + 1e-9, $"{before} ends before {after}");
        // Three parts of two pictures each do three times the work of one: no part alone is as fast as the fastest run of all.
        IReadOnlyList<PlanProfileRow> one = Compile(new Shape(2, Height, Width, Channels), long.MaxValue, x => new() { ["y"] = F.Add(second(F.Relu(first(x))), x) }).Profile(Noise.On(Device, new Shape(2, Height, Width, Channels), 1), 20);
        Assert.True(plan.Profile(x, 20)[0].Milliseconds > 1.5 * one[0].Milliseconds);
    }

    [Fact]
    public void A_run_that_was_cancelled_in_a_stretch_may_be_repeated_and_gives_up_its_input()
    {
        var device = new CpuDevice(2);
        using var scope = new Scope();
        Func<Variable, Variable> first = Conv(3, on: device), second = Conv(1, on: device);
        InferencePlan plan = InferencePlan.Compile(
            device, new Shape(8, Height, Width, Channels), x => new Dictionary<string, Variable> { ["y"] = F.Add(second(F.Relu(first(x))), x) }, WeightFormat.Single, 6 * Value);
        float[] expected = plan.Run(Noise.On(device, plan.InputShape, 1))["y"].ToArray();
        bool stopped = false;
        // A helper that comes too late for all eight steps lets the run end.
        for (int run = 0; run < 100 && !stopped; run++)
        {
            using var stop = new CancellationTokenSource();
            Tensor x = Noise.On(device, plan.InputShape, 2);
            DeviceBuffer memory = x.Buffer;
            device.Crew.Watch = (_, _, _) => stop.Cancel();
            try
            {
                plan.Run(x, stop.Token);
            }
            catch (OperationCanceledException)
            {
                stopped = true;
            }
            device.Crew.Watch = null;
            x.Release();
            Assert.True(memory.IsReleased);
        }
        Assert.True(stopped);
        Assert.Equal(expected, plan.Run(Noise.On(device, plan.InputShape, 1))["y"].ToArray());
    }

    private InferencePlan Compare(int batch, int values, int pictures, Func<Variable, Dictionary<string, Variable>> model) => Compare(new Shape(batch, Height, Width, Channels), values * Value, pictures, model);

    private static InferencePlan Compare(Shape shape, long room, int pictures, Func<Variable, Dictionary<string, Variable>> model)
    {
        using var scope = new Scope();
        InferencePlan plan = Compile(shape, room, model), whole = Compile(shape, long.MaxValue, model);
        IReadOnlyList<PlanProfileRow> rows = Steps(plan), all = Steps(whole);
        string suffix = $", {pictures} at a time";
        Assert.True(rows.Count(row => row.Algorithm.EndsWith(suffix, StringComparison.Ordinal)) >= 2, string.Join("; ", rows.Select(row => row.Algorithm)));
        Assert.DoesNotContain(all, row => row.Algorithm.EndsWith(" at a time", StringComparison.Ordinal));
        Assert.Equal(
            all.Select(row => (row.Layer, row.Algorithm, row.Output, row.Flops, row.Bytes, row.WeightBytes)),
            rows.Select(row => (row.Layer, row.Algorithm.Replace(suffix, "", StringComparison.Ordinal), row.Output, row.Flops, row.Bytes, row.WeightBytes)));
        for (int run = 0; run < 2; run++)
        {
            Tensor x = Noise.On(Device, shape, 7 + run);
            IReadOnlyDictionary<string, Tensor> expected = whole.Run(x), got = plan.Run(x);
            Assert.Equal(expected.Keys, got.Keys);
            foreach ((string name, Tensor value) in expected)
            {
                Assert.Equal(value.Shape, got[name].Shape);
                Assert.Equal(Array.ConvertAll(value.ToArray(), BitConverter.SingleToInt32Bits), Array.ConvertAll(got[name].ToArray(), BitConverter.SingleToInt32Bits));
            }
        }
        return plan;
    }

    private static InferencePlan Compile(Shape shape, long room, Func<Variable, Dictionary<string, Variable>> model) => InferencePlan.Compile(Device, shape, model, WeightFormat.Single, room);

    private static IReadOnlyList<PlanProfileRow> Steps(InferencePlan plan) => plan.Profile(Tensor.Zeros(Device, plan.InputShape), 1);

    private Tensor Constant(Shape shape, CpuDevice? on = null) => Scope.Detach(Noise.On(on ?? Device, shape, seed++));

    private Func<Variable, Variable> Conv(int kernel, int results = Channels, CpuDevice? on = null)
    {
        (Tensor W, Tensor B)? made = null;
        return x =>
        {
            // Of as many input channels as it meets first.
            made ??= (Constant(new Shape(kernel, kernel, x.Shape[3], results), on), Constant(new Shape(results), on));
            return F.Convolution2D(x, made.Value.W, made.Value.B, (1, 1), Padding.All(kernel / 2));
        };
    }
}
