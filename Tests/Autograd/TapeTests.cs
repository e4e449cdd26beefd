using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Tests.Operators;

public sealed class TapeTests
{
    private static readonly CpuDevice Device = new(1);

    [Fact]
    public void Without_a_tape_nothing_is_recorded_and_no_gradient_is_wanted()
    {
        var x = new Variable(Numbers(3), true);
        Variable y = F.Relu(x);
        Assert.False(y.RequiresGradient);
        Assert.Null(Tape.Current);
        using var tape = new Tape();
        Assert.StartsWith("Backward: it starts from a result that this tape recorded;", Assert.Throws<InvalidOperationException>(() => tape.Backward(y)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scope_inside_suspends_recording()
    {
        using var tape = new Tape();
        var x = new Variable(Numbers(3), true);
        using (new Scope())
        {
            Assert.Null(Tape.Current);
            Assert.False(F.Relu(x).RequiresGradient);
        }
        Assert.Same(tape, Tape.Current);
        Assert.Empty(tape.Records);
    }

    [Fact]
    public void Operators_without_an_input_that_wants_a_gradient_are_not_recorded()
    {
        using var tape = new Tape();
        Variable h = F.Tanh(F.Relu(Numbers(5)));
        Assert.Empty(tape.Records);
        var w = new Variable(Numbers(5), true);
        Variable y = F.Multiply(h, w);
        Assert.Single(tape.Records);
        tape.Backward(y, Numbers(5));
        Assert.Null(h.Gradient);
        Assert.NotNull(w.Gradient);
    }

    [Fact]
    public void A_trace_records_every_operator_and_has_no_backward_pass()
    {
        using Tape tape = Tape.Trace();
        Variable y = F.Relu(F.Tanh(Numbers(5)));
        Assert.Equal(["Tanh", "Relu"], tape.Records.Select(record => record.Op.Name));
        Assert.Same(y, tape.Records[1].Output);
        Assert.Throws<InvalidOperationException>(() => tape.Backward(y));
    }

    [Fact]
    public void A_frozen_parameter_gets_no_gradient_and_its_layer_no_backward_work()
    {
        var low = new Parameter("low", Numbers(4)) { Frozen = true };
        var high = new Parameter("high", Numbers(4));
        using var tape = new Tape();
        Variable y = F.Multiply(F.Tanh(F.Multiply(low, Numbers(4))), high);
        Assert.Equal(["Multiply"], tape.Records.Select(record => record.Op.Name));
        tape.Backward(y, Numbers(4));
        Assert.Null(low.Gradient);
        Assert.NotNull(high.Gradient);
    }

    [Fact]
    public void A_parameters_gradient_outlives_the_tape_and_adds_up_until_cleared()
    {
        var p = new Parameter("p", Numbers(3));
        for (int pass = 1; pass <= 3; pass++)
        {
            using (var tape = new Tape())
                tape.Backward(F.Sum(F.Scale(p, 2)));
            Assert.Equal([2f * pass, 2f * pass, 2f * pass], p.Gradient!.ToArray());
        }
        p.ClearGradient();
        Assert.Null(p.Gradient);
    }

    [Fact]
    public void A_gradient_handed_on_to_a_parameter_is_its_own_memory()
    {
        var p = new Parameter("p", Numbers(3));
        var q = new Parameter("q", Numbers(3));
        using (var tape = new Tape())
            tape.Backward(F.Add(p, q, p), Numbers(3));
        Assert.Equal([0f, 2f, 4f], p.Gradient!.ToArray());
        Assert.Equal([0f, 1f, 2f], q.Gradient!.ToArray());
        p.Gradient.Fill(7);
        Assert.Equal([0f, 1f, 2f], q.Gradient.ToArray());
    }

    [Fact]
    public void A_leafs_gradient_ends_with_the_tape_and_a_results_with_the_pass_unless_kept()
    {
        var x = new Variable(Numbers(3), true);
        Tensor gradient;
        using (var tape = new Tape())
        {
            Variable a = F.Tanh(x), b = F.Tanh(a);
            b.KeepGradient = true;
            tape.Backward(F.Sum(b));
            Assert.Null(a.Gradient);
            Assert.Equal([1f, 1f, 1f], b.Gradient!.ToArray());
            gradient = x.Gradient!;
            Assert.Equal(new Shape(3), gradient.Shape);
        }
        Assert.Null(x.Gradient);
        Assert.Throws<ObjectDisposedException>(() => gradient.ToArray());
    }

    [Fact]
    public void Backward_frees_what_operators_kept_but_not_what_the_user_made_or_kept()
    {
        using var tape = new Tape();
        Tensor input = Numbers(3);
        var x = new Variable(input, true);
        Variable a = F.Tanh(x), b = F.Sigmoid(a), c = F.Tanh(b);
        Tensor kept = tape.Keep(b.Value);
        tape.Backward(c, Numbers(3));
        Assert.Throws<ObjectDisposedException>(() => a.Value.ToArray());
        Assert.Equal(3, kept.ToArray().Length);
        Assert.Equal([0f, 1f, 2f], input.ToArray());
    }

    [Fact]
    public void A_released_result_goes_at_once_unless_an_operator_still_needs_it()
    {
        using var tape = new Tape();
        var x = new Variable(Numbers(3), true);
        Variable a = F.Scale(x, 2), b = F.Tanh(a), c = F.Sigmoid(b);
        a.Release();
        Assert.Throws<ObjectDisposedException>(() => a.Value.ToArray());
        b.Release();
        x.Release();
        Assert.Equal(3, b.Value.ToArray().Length);
        tape.Backward(F.Sum(c));
        Assert.NotNull(x.Gradient);
        Assert.Throws<ObjectDisposedException>(() => b.Value.ToArray());
        using var scope = new Scope();
        Variable off = F.Tanh(Numbers(3));
        off.Release();
        Assert.Throws<ObjectDisposedException>(() => off.Value.ToArray());
    }

    [Fact]
    public void A_part_of_the_tape_is_walked_once()
    {
        using var tape = new Tape();
        var x = new Variable(Numbers(3), true);
        Variable shared = F.Tanh(x), one = F.Sum(shared), two = F.Sum(F.Scale(shared, 2)), apart = F.Sum(F.Scale(x, 3));
        tape.Backward(one);
        tape.Backward(apart);
        Assert.StartsWith("Backward: a part of the tape is walked once; Tanh has been;", Assert.Throws<InvalidOperationException>(() => tape.Backward(two)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_asks_for_a_gradient_of_the_right_shape()
    {
        using var tape = new Tape();
        Variable y = F.Tanh(new Variable(Numbers(3), true));
        Assert.Equal("Backward: without a gradient it starts from a single value; got [3]; pass a gradient of that shape.", Assert.Throws<ShapeException>(() => tape.Backward(y)).Message);
        Assert.Equal("Backward: the gradient has the value's shape; expected [3], got [2].", Assert.Throws<ShapeException>(() => tape.Backward(y, Numbers(2))).Message);
    }

    [Fact]
    public void The_gradient_given_to_backward_is_not_written_to()
    {
        using var tape = new Tape();
        var x = new Variable(Numbers(3), true);
        Variable y = F.Add(x, x);
        Tensor gradient = Numbers(3);
        tape.Backward(y, gradient);
        Assert.Equal([0f, 1f, 2f], gradient.ToArray());
        Assert.Equal([0f, 2f, 4f], x.Gradient!.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_backward_that_forgets_or_misshapes_a_gradient_is_caught(bool misshaped)
    {
        using var tape = new Tape();
        Variable y = new FaultyOp(misshaped).Apply(new Variable(Numbers(3), true));
        string message = Assert.ThrowsAny<Exception>(() => tape.Backward(y, Numbers(3))).Message;
        Assert.Contains(misshaped ? "element counts are equal" : "Faulty: backward makes every gradient that is wanted; that of input 0 is missing.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Non_finite_values_are_named_with_operator_and_layer()
    {
        using var tape = new Tape { DetectNonFinite = true };
        var x = new Variable(Tensor.From(Device, new Shape(2), [1, float.PositiveInfinity]), true);
        using (LayerPath.Enter("block"))
        using (LayerPath.Enter("act"))
            Assert.StartsWith("Scale in block/act: the result is finite; a NaN or infinity arrived in [2];", Assert.Throws<NonFiniteException>(() => F.Scale(x, 2)).Message, StringComparison.Ordinal);
        Assert.Equal("", LayerPath.Current);
        Variable y = F.Scale(new Variable(Numbers(2), true), 3e38f);
        Assert.StartsWith("Scale: gradients are finite; that of input 0, [2],", Assert.Throws<NonFiniteException>(() => tape.Backward(y, Tensor.Filled(Device, new Shape(2), 3e38f))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dropout_is_the_identity_off_a_training_tape_and_repeats_for_a_seed()
    {
        Tensor x = Tensor.Filled(Device, new Shape(50, 200), 1);
        Assert.Same(x, F.Dropout(x).Value);
        using (new Tape(training: false))
            Assert.Same(x, F.Dropout(x).Value);
        float[] Draw(ulong seed, int skip)
        {
            using var tape = new Tape { Seed = seed };
            for (int i = 0; i < skip; i++)
                F.Dropout(x, 0.4f);
            return F.Dropout(x, 0.4f).Value.ToArray();
        }

        float[] first = Draw(7, 0);
        Assert.Equal(first, Draw(7, 0));
        Assert.NotEqual(first, Draw(7, 1));
        Assert.NotEqual(first, Draw(8, 0));
        Assert.All(first, value => Assert.True(value is 0 || Math.Abs(value - (1 / 0.6f)) < 1e-6f));
        // 10 000 draws with probability 0.6: four standard deviations are 196.
        Assert.InRange(first.Count(value => value != 0), 5804, 6196);
        Assert.Throws<ArgumentOutOfRangeException>(() => F.Dropout(x, 1));
    }

    [Fact]
    public void A_training_step_allocates_nothing_new_and_a_thousand_of_them_leave_the_heap_as_it_was()
    {
        var device = new CpuDevice(1);
        var w = new Parameter("w", Tensor.From(device, new Shape(3, 3, 2, 5), [.. Enumerable.Range(0, 90).Select(i => (i % 7 * 0.1f) - 0.3f)]));
        var gamma = new Parameter("gamma", Tensor.Filled(device, new Shape(5), 1));
        var beta = new Parameter("beta", Tensor.Zeros(device, new Shape(5)));
        var dense = new Parameter("dense", Tensor.From(device, new Shape(45, 4), [.. Enumerable.Range(0, 180).Select(i => (i % 11 * 0.1f) - 0.5f)]));
        Tensor mean = Tensor.Zeros(device, new Shape(5)), variance = Tensor.Filled(device, new Shape(5), 1);
        Tensor x = Tensor.From(device, new Shape(2, 6, 6, 2), [.. Enumerable.Range(0, 144).Select(i => i % 13 * 0.2f)]);
        var optimizer = new Adam([w, gamma, beta, dense], 1e-3);

        Variable Net(Variable input)
        {
            Variable h = F.Relu(F.BatchNormalization(F.Convolution2D(input, w, padding: Padding.All(1)), gamma, beta, mean, variance));
            return F.Linear(F.Dropout(F.MaxPooling2D(h, (2, 2))), dense);
        }

        void Step()
        {
            using var tape = new Tape();
            tape.Backward(F.SoftmaxCrossEntropy(Net(x), new Labels(1, 3)));
            optimizer.Update();
        }

        void Infer()
        {
            using var scope = new Scope();
            F.Softmax(Net(x));
        }

        for (int i = 0; i < 20; i++)
        {
            Step();
            Infer();
        }
        long blocks = device.Pool.Allocations, bytes = device.Pool.BytesInUse, heap = GC.GetTotalMemory(true);
        for (int i = 0; i < 1000; i++)
        {
            Step();
            Infer();
        }
        Assert.Equal(blocks, device.Pool.Allocations);
        Assert.Equal(bytes, device.Pool.BytesInUse);
        // Other tests run in this process meanwhile; a leak of one object a step would be 2000 of them.
        Assert.InRange(GC.GetTotalMemory(true) - heap, long.MinValue, 20_000_000);
    }

    private static Tensor Numbers(int count) => Tensor.From(Device, new Shape(count), [.. Enumerable.Range(0, count).Select(i => (float)i)]);

    private sealed class FaultyOp(bool misshaped) : Op
    {
        public override string Name => "Faulty";

        protected internal override Tensor Forward(Saved saved, ReadOnlySpan<Tensor> x) => Tensor.Zeros(x[0].Device, x[0].Shape);

        protected internal override void Backward(Saved saved, Tensor gy, Gradients g)
        {
            if (misshaped)
                g.Pass(0, Tensor.Zeros(gy.Device, new Shape(2)));
        }
    }
}
