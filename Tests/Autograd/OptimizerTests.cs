using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Tests.Operators;

/// <summary>What the stored trajectories of OperatorCaseTests do not cover: schedules, scales, frozen and missing gradients, RMSprop, value clipping, resuming.</summary>
public sealed class OptimizerTests
{
    private static readonly CpuDevice Device = CpuDevice.Default;

    [Fact]
    public void Chainers_first_adam_step()
    {
        var p = new Parameter("p", Tensor.From(Device, new Shape(2), [1, 2]));
        p.Gradient = Tensor.From(Device, new Shape(2), [0.5f, -1e-9f]);
        new Adam([p], 1e-3).Update();
        Assert.Equal([0.999f, 2.00000315f], p.Value.ToArray());
        Assert.Null(p.Gradient);
    }

    [Fact]
    public void Schedules()
    {
        Assert.Equal(0.5, LearningRate.Constant(0.5).At(1000));
        LearningRate stepped = LearningRate.Stepped(1, 0.1, 3);
        Assert.Equal([1, 1, 0.1, 0.1 * 0.1], new long[] { 0, 2, 3, 8 }.Select(stepped.At), (a, b) => Math.Abs(a - b) < 1e-15);
        LearningRate falling = LearningRate.Exponential(1, 0.5, 0.2), rising = LearningRate.Exponential(1, 2, 3);
        Assert.Equal([1, 0.5, 0.25, 0.2], new long[] { 0, 1, 2, 3 }.Select(falling.At));
        Assert.Equal([1, 2, 3, 3], new long[] { 0, 1, 2, 3 }.Select(rising.At));
        LearningRate cosine = LearningRate.Cosine(1, 10, 0.2);
        Assert.Equal([1, 0.6, 0.2, 0.2], new long[] { 0, 5, 10, 99 }.Select(cosine.At), (a, b) => Math.Abs(a - b) < 1e-15);
        LearningRate warm = stepped.WarmedUp(4);
        Assert.Equal([0.25, 0.5, 1, 1, 0.1], new long[] { 0, 1, 3, 4, 7 }.Select(warm.At));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRate.Constant(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRate.Stepped(1, -0.1, 3));
    }

    [Fact]
    public void A_schedule_counts_updates_and_a_parameters_scale_multiplies_it()
    {
        Parameter slow = One("slow"), fast = One("fast");
        slow.LearningRateScale = 0.1f;
        var sgd = new Sgd([slow, fast], LearningRate.Stepped(1, 0.5, 1));
        for (int i = 0; i < 2; i++)
        {
            Give(slow, 1);
            Give(fast, 1);
            sgd.Update();
        }
        Assert.Equal(2, sgd.Steps);
        Assert.Equal(1 - 1.5f, fast.Value.ToArray()[0]);
        Assert.Equal(1 - 0.15f, slow.Value.ToArray()[0], 1e-7f);
    }

    [Fact]
    public void A_frozen_parameter_stays_and_a_missing_gradient_counts_as_zero_or_as_absent()
    {
        Parameter frozen = One("frozen"), missing = One("missing"), unborn = new("unborn");
        frozen.Frozen = true;
        Give(frozen, 1);
        var sgd = new Sgd([frozen, missing, unborn], 0.5);
        sgd.Hooks.Add(new WeightDecay(0.1f));
        sgd.Update();
        Assert.Equal(1f, frozen.Value.ToArray()[0]);
        Assert.Equal(0.95f, missing.Value.ToArray()[0], 1e-7f);
        sgd.SkipsMissingGradients = true;
        sgd.Update();
        Assert.Equal(0.95f, missing.Value.ToArray()[0], 1e-7f);
        Assert.Throws<ArgumentException>(() => new Sgd([missing, missing], 1));
    }

    [Fact]
    public void Each_parameter_counts_its_own_updates()
    {
        Parameter a = One("a"), b = One("b");
        var adam = new Adam([a, b], 0.1);
        b.Frozen = true;
        Give(a, 1);
        adam.Update();
        b.Frozen = false;
        Give(a, 1);
        Give(b, 1);
        adam.Update();
        Assert.Equal((2, 1), (adam.StateOf(a).Steps, adam.StateOf(b).Steps));
        // A first step of Adam is the learning rate, whatever went before for others.
        Assert.Equal(0.9f, b.Value.ToArray()[0], 1e-6f);
    }

    [Fact]
    public void Clipping_by_value_and_by_norm()
    {
        var p = new Parameter("p", Tensor.Zeros(Device, new Shape(4)));
        var q = new Parameter("q", Tensor.Zeros(Device, new Shape(1)));
        void Gradients()
        {
            p.Gradient = Tensor.From(Device, new Shape(4), [3, -0.5f, float.NaN, -7]);
            q.Gradient = Tensor.Filled(Device, new Shape(1), 4);
        }

        Gradients();
        new GradientValueClipping(1).Apply([p, q]);
        Assert.Equal([1, -0.5f, float.NaN, -1], p.Gradient!.ToArray());
        p.Gradient = Tensor.From(Device, new Shape(4), [0, 3, 0, 0]);
        q.Gradient = Tensor.Filled(Device, new Shape(1), 4);
        new GradientNormClipping(5).Apply([p, q]);
        Assert.Equal([0, 3, 0, 0], p.Gradient!.ToArray());
        new GradientNormClipping(2.5).Apply([p, q]);
        Assert.Equal([0, 1.5f, 0, 0], p.Gradient!.ToArray());
        Assert.Equal([2f], q.Gradient!.ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RmsProp_follows_its_definition(bool inside)
    {
        float[] start = [1, -2, 0.5f, 3, 0], gradient = [0.5f, -1, 1e-4f, 0, 2];
        var p = new Parameter("p", Tensor.From(Device, new Shape(5), start));
        var rule = new RmsProp([p], 0.01, 0.9f, 1e-3f, inside);
        double[] expected = [.. start.Select(value => (double)value)], v = new double[5];
        for (int step = 0; step < 4; step++)
        {
            p.Gradient = Tensor.From(Device, new Shape(5), gradient);
            rule.Update();
            for (int i = 0; i < 5; i++)
            {
                v[i] = (0.9f * v[i]) + ((1 - (double)0.9f) * gradient[i] * gradient[i]);
                expected[i] -= 0.01 * gradient[i] / (inside ? Math.Sqrt(v[i] + 1e-3f) : Math.Sqrt(v[i]) + 1e-3f);
            }
        }
        GradientCheck.Compare("p", expected, p.Value.ToArray(), 1e-6);
    }

    [Fact]
    public void A_run_resumed_from_its_state_goes_on_bit_for_bit()
    {
        float[] Values(Parameter p) => p.Value.ToArray();
        Parameter p = One("p"), q = One("q");
        var options = new AdamOptions { AmsGrad = true };
        var first = new Adam([p], LearningRate.Cosine(0.1, 20), options);
        for (int i = 0; i < 5; i++)
        {
            Give(p, i - 1.5f);
            first.Update();
        }
        q.Value.CopyFrom(Values(p));
        var second = new Adam([q], LearningRate.Cosine(0.1, 20), options);
        (long steps, IReadOnlyList<Tensor> tensors) = first.StateOf(p);
        Assert.Equal(["m", "v", "vhat"], first.StateNames);
        second.Restore(q, steps, [.. tensors.Select(tensor => tensor.ToArray())]);
        second.RestoreSteps(first.Steps);
        for (int i = 0; i < 5; i++)
        {
            Give(p, i);
            first.Update();
            Give(q, i);
            second.Update();
        }
        Assert.Equal(Values(p), Values(q));
        Assert.Throws<ArgumentException>(() => second.Restore(q, 1, [[1f]]));
        Assert.Throws<ArgumentException>(() => second.StateOf(p));
    }

    private static Parameter One(string name) => new(name, Tensor.Filled(Device, new Shape(1), 1));

    private static void Give(Parameter parameter, float gradient) => parameter.Gradient = Tensor.Filled(Device, parameter.Shape, gradient);
}
