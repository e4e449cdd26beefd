using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Tests.Operators;

namespace NativeFree.Tests.Gpu;

/// <summary>Optimizers that update all parameters of a GPU device in one launch, and clip them by one norm: the bits of each parameter by itself, whatever is frozen, scaled, missing, moved, restored or shared.</summary>
public sealed class JoinedParameterTests
{
    private static readonly Shape[] Shapes = [new(3, 89), new(1), new(64), new(0), new(5, 13), new(63), new(2, 2, 7, 37), new(1031)];

    private static readonly Func<IEnumerable<Parameter>, Optimizer>[] Rules =
    [
        static p => new Sgd(p, 0.1), static p => new MomentumSgd(p, LearningRate.Stepped(0.1, 0.5, 2), 0.9f, nesterov: true), static p => new RmsProp(p, 0.01), static p => new Adam(p, 0.01, new AdamOptions { AmsGrad = true }),
        static p => new AdamW(p, 0.01), static p => new AdaBound(p, 0.01),
    ];

    public static TheoryData<int> RuleNumbers => [.. Enumerable.Range(0, Rules.Length)];

    [Theory, MemberData(nameof(RuleNumbers))]
    public void Together_they_get_the_bits_that_each_gets_by_itself(int rule)
    {
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            Parameter[] joined = Make(device), single = Make(device);
            Optimizer all = Hooked(Rules[rule](joined));
            Optimizer[] each = [.. single.Select(p => Hooked(Rules[rule]([p])))];
            for (int step = 0; step < 6; step++)
            {
                Change(step, joined);
                Change(step, single);
                Give(step, joined);
                Give(step, single);
                all.Update();
                foreach (Optimizer one in each)
                    one.Update();
                for (int i = 0; i < joined.Length; i++)
                {
                    Assert.Equal(single[i].Value.ToArray(), joined[i].Value.ToArray());
                    Assert.Equal(each[i].StateOf(single[i]).Steps, all.StateOf(joined[i]).Steps);
                    foreach ((Tensor expected, Tensor got) in each[i].StateOf(single[i]).Tensors.Zip(all.StateOf(joined[i]).Tensors))
                        Assert.Equal(expected.ToArray(), got.ToArray());
                }
            }
        }
    }

    [Fact]
    public void A_restored_run_goes_on_bit_for_bit()
    {
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            Parameter[] first = Make(device), second = Make(device);
            Adam one = new(first, 0.01), other = new(second, 0.01);
            for (int step = 0; step < 3; step++)
            {
                Give(step, first);
                one.Update();
            }
            for (int i = 0; i < first.Length; i++)
            {
                second[i].Value.CopyFrom(first[i].Value.ToArray());
                (long steps, IReadOnlyList<Tensor> tensors) = one.StateOf(first[i]);
                other.Restore(second[i], steps, [.. tensors.Select(static tensor => tensor.ToArray())]);
            }
            other.RestoreSteps(one.Steps);
            Give(3, first);
            Give(3, second);
            one.Update();
            other.Update();
            for (int i = 0; i < first.Length; i++)
                Assert.Equal(first[i].Value.ToArray(), second[i].Value.ToArray());
        }
    }

    [Fact]
    public void Gradients_are_made_where_they_are_read_and_add_up_there()
    {
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            float[][] expected = Gradients(CpuDevice.Default), got = Gradients(device);
            for (int i = 0; i < expected.Length; i++)
                GradientCheck.Compare($"gradient {i} on {device}", [.. expected[i].Select(static value => (double)value)], got[i], 1e-5);
        }
    }

    [Fact]
    public void Optimizers_that_share_a_parameter_leave_it_at_its_place()
    {
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            Parameter[] parameters = Make(device);
            Sgd one = new(parameters[..5], 0.1), other = new(parameters[3..], 0.1);
            for (int step = 0; step < 2; step++)
            {
                foreach (Sgd optimizer in (Sgd[])[one, other])
                {
                    Give(step, [.. optimizer.Parameters]);
                    DeviceBuffer before = parameters[4].Value.Buffer;
                    optimizer.Update();
                    Assert.Equal(step > 0 || optimizer == other, ReferenceEquals(before, parameters[4].Value.Buffer));
                }
            }
        }
    }

    [Fact]
    public void A_value_that_a_tape_still_reads_stays_until_the_next_update()
    {
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            Parameter w = new("w", Tensor.From(device, new Shape(5, 3), Noise.Of(15, 1)));
            Sgd sgd = new([w], 0.1);
            using Tape tape = new();
            Variable y = F.Linear(Tensor.From(device, new Shape(2, 5), Noise.Of(10, 2)), w), x = new(Tensor.From(device, new Shape(2, 5), Noise.Of(10, 3)), true), z = F.Linear(x, w);
            tape.Backward(F.Sum(y));
            DeviceBuffer before = w.Value.Buffer;
            sgd.Update();
            Assert.Same(before, w.Value.Buffer);
            tape.Backward(F.Sum(z));
            sgd.Update();
            Assert.NotSame(before, w.Value.Buffer);
        }
    }

    [Fact]
    public void Who_keeps_a_value_across_the_first_update_sees_what_becomes_of_it()
    {
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            Parameter[] parameters = Make(device), single = Make(device);
            Tensor[] kept = [.. parameters.Select(static p => p.Value)];
            long[] versions = [.. parameters.Select(static p => p.Version)];
            DeviceBuffer memory = kept[0].Buffer;
            Sgd sgd = new(parameters, 0.1);
            Give(0, parameters);
            sgd.Update();
            Assert.NotSame(memory, kept[0].Buffer);
            Assert.True(memory.IsReleased);
            for (int i = 0; i < kept.Length; i++)
            {
                Sgd one = new([single[i]], 0.1);
                Give(0, single[i..(i + 1)]);
                one.Update();
                Assert.Same(parameters[i].Value, kept[i]);
                Assert.Equal(single[i].Value.ToArray(), kept[i].ToArray());
                Assert.True(parameters[i].Version > versions[i]);
            }
            // What is written through it, as loaders do, is what the next update starts from.
            kept[4].Fill(2);
            parameters[4].Gradient = Scope.Detach(Tensor.Filled(device, kept[4].Shape, 1));
            sgd.Update();
            Assert.All(kept[4].ToArray(), static value => Assert.Equal(1.9f, value));
        }
    }

    [Fact]
    public void Blocks_end_where_the_device_has_no_larger_ones()
    {
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            Shape[] shapes = [new(100), new(30), new(64), new(500), new(1)];
            Tensor[] tensors = JoinedTensors.Zeros(device, shapes, 256);
            Assert.Equal([true, true, false, false], Enumerable.Range(0, 4).Select(i => JoinedTensors.Follows(tensors[i], tensors[i + 1])));
            Assert.Equal([0L, 128, 192, 0, 0], tensors.Select(static tensor => tensor.Offset));
            Assert.All(tensors, static tensor => Assert.All(tensor.ToArray(), static value => Assert.Equal(0, value)));
            Assert.Equal(192, JoinedTensors.Over(tensors[0], tensors[1]).Count);
        }
    }

    [Fact]
    public void Clipping_takes_the_norm_of_all_gradients_and_gives_the_same_bits_again()
    {
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            float[][] first = Clipped(device), again = Clipped(device), expected = Clipped(CpuDevice.Default);
            Assert.Equal(first, again);
            for (int i = 0; i < first.Length; i++)
                GradientCheck.Compare($"parameter {i} on {device}", [.. expected[i].Select(static value => (double)value)], first[i], 1e-6);
        }

        static float[][] Clipped(Device device)
        {
            Parameter[] parameters = Make(device);
            Sgd sgd = new(parameters, 0.1);
            sgd.Hooks.Add(new GradientNormClipping(0.5));
            for (int step = 0; step < 4; step++)
            {
                parameters[3].LearningRateScale = parameters[5].LearningRateScale = 0.25f;
                parameters[2].Frozen = step == 2;
                Give(step + 2, parameters);
                sgd.Update();
            }
            return [.. parameters.Select(static p => p.Value.ToArray())];
        }
    }

#if !ILGPU
    [Fact]
    public void One_launch_makes_the_norm_of_all_gradients()
    {
        RecordingAccelerator recorder = new();
        using GpuDevice device = new(recorder);
        Parameter[] parameters = [.. Make(device).Where(static p => p.Shape.Count > 0)];
        // Neither the rate nor the number of updates matters to the norm.
        parameters[^1].LearningRateScale = 0.5f;
        Sgd sgd = new(parameters, 0.1);
        sgd.Hooks.Add(new GradientNormClipping(0.5));
        Update(sgd, parameters);
        Assert.Equal(["ReductionKernels.Dot", "ElementwiseKernels.Scale", "OptimizerKernels.Sgd", "OptimizerKernels.Sgd"], Launches(recorder, sgd, parameters));
        // A frozen one in the middle parts the others.
        parameters[4].Frozen = true;
        Assert.Equal(2, Launches(recorder, sgd, parameters).Count(static name => name == "ReductionKernels.Dot"));
    }

    [Theory, MemberData(nameof(RuleNumbers))]
    public void One_launch_updates_all_that_are_alike(int rule)
    {
        RecordingAccelerator recorder = new();
        using GpuDevice device = new(recorder);
        Parameter[] parameters = [.. Make(device).Where(static p => p.Shape.Count > 0)];
        Optimizer optimizer = Hooked(Rules[rule](parameters));
        Update(optimizer, parameters);
        string[] together = Launches(recorder, optimizer, parameters);
        Assert.Equal(2, together.Length);
        Assert.Equal("ElementwiseKernels.Combine", together[0]);
        Assert.StartsWith("OptimizerKernels.", together[1], StringComparison.Ordinal);
        // Another rate for one in the middle, a frozen one, and one that starts later: a run ends where parameters differ.
        parameters[2].LearningRateScale = 0.5f;
        Assert.Equal([together[0], together[1], together[1], together[1]], Launches(recorder, optimizer, parameters));
        parameters[2].LearningRateScale = 1;
        parameters[4].Frozen = true;
        Assert.Equal([together[0], together[0], together[1], together[1]], Launches(recorder, optimizer, parameters));
    }

    // Twice: the first update lays them.
    private static void Update(Optimizer optimizer, Parameter[] parameters)
    {
        for (int step = 0; step < 2; step++)
        {
            Give(step, parameters);
            optimizer.Update();
        }
    }

    private static string[] Launches(RecordingAccelerator recorder, Optimizer optimizer, Parameter[] parameters)
    {
        using Scope scope = new();
        foreach (Parameter parameter in parameters)
        {
            parameter.Gradient = parameter.Place!.Gradient();
            parameter.Gradient.Fill(0.5f);
        }
        recorder.Log.Clear();
        optimizer.Update();
        return [.. recorder.Log];
    }
#endif

    private static Parameter[] Make(Device device)
    {
        Parameter[] parameters = [.. Shapes.Select((shape, i) => new Parameter($"p{i}", Scope.Detach(Tensor.From(device, shape, Noise.Of(shape.Count, i)))))];
        return parameters;
    }

    private static Optimizer Hooked(Optimizer optimizer)
    {
        optimizer.Hooks.Add(new WeightDecay(0.01f));
        optimizer.SkipsMissingGradients = true;
        return optimizer;
    }

    // Each step another reason why not all are alike.
    private static void Change(int step, Parameter[] parameters)
    {
        parameters[1].LearningRateScale = parameters[4].LearningRateScale = 0.25f;
        parameters[2].Frozen = step is 0 or 3;
        if (step == 4)
            parameters[5].Initialize(Tensor.From(parameters[5].Device, parameters[5].Shape, Noise.Of(parameters[5].Shape.Count, 99)));
        if (step == 5)
            parameters[6].LearningRateScale = 0.5f;
    }

    private static void Give(int step, Parameter[] parameters)
    {
        for (int i = 0; i < parameters.Length; i++)
            parameters[i].Gradient = i == 7 && step == 1 ? null : Scope.Detach(Tensor.From(parameters[i].Device, parameters[i].Shape, Noise.Of(parameters[i].Shape.Count, (100 * step) + parameters[i].Shape[0])));
    }

    /// <summary>Gradients after an update: of a weight used by two operators and on two tapes, of one that an operator has twice, and of a bias to which an addition passes its own gradient on.</summary>
    private static float[][] Gradients(Device device)
    {
        Parameter w = new("w", Tensor.From(device, new Shape(5, 5), Noise.Of(25, 1))), twice = new("twice", Tensor.From(device, new Shape(2, 5), Noise.Of(10, 2))), bias = new("bias", Tensor.From(device, new Shape(2, 5), Noise.Of(10, 3)));
        Parameter[] all = [w, twice, bias];
        MomentumSgd sgd = new(all, 0.1);
        for (int step = 0; step < 2; step++)
        {
            for (int pass = 0; pass < 2; pass++)
            {
                using Tape tape = new();
                Variable x = new(Tensor.From(device, new Shape(2, 5), Noise.Of(10, 4 + pass)));
                Variable y = F.Add(F.Add(F.Linear(F.Linear(x, w), w), F.Multiply(twice, twice)), bias);
                tape.Backward(F.Sum(F.Multiply(y, y)));
            }
            if (step == 0)
                sgd.Update();
        }
        return [.. all.Select(static p => p.Gradient!.ToArray()), .. all.Select(static p => p.Value.ToArray())];
    }
}
