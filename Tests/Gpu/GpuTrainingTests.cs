using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;

namespace NativeFree.Tests.Gpu;

/// <summary>Training that changes devices half way, and the memory of a steady step.</summary>
public sealed class GpuTrainingTests
{
    private static Sequential Net() => new(
        new Convolution2D(3, 7, 3, padding: 1), new BatchNormalization(7), new Relu(), new MaxPooling2D(2, 2), new Convolution2D(7, 5, 1), new BatchNormalization(5), new Relu(), new GlobalAveragePooling2D(), new Linear(5, 4)) { Seed = 3 };

    private static double Step(Sequential net, Optimizer optimizer, int step)
    {
        using var tape = new Tape();
        Tensor x = Tensor.From(net.Device, new Shape(6, 9, 11, 3), Noise.Of(6 * 9 * 11 * 3, step % 4));
        Variable loss = F.SoftmaxCrossEntropy(net.Forward(x), new Labels([0, 3, 1, 2, 3, 1]));
        double value = loss.Value.ToArray()[0];
        tape.Backward(loss);
        optimizer.Update();
        return value;
    }

    private static IEnumerable<Func<IEnumerable<Parameter>, Optimizer>> Optimizers =>
        [static parameters => new Adam(parameters, 0.01), static parameters => new MomentumSgd(parameters, 0.1), static parameters => new AdamW(parameters, 0.01, amsGrad: true), static parameters => new RmsProp(parameters, 0.01)];

    [Fact]
    public void A_model_moves_with_its_values_and_training_goes_on_with_equal_losses()
    {
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            foreach (Func<IEnumerable<Parameter>, Optimizer> make in Optimizers)
            {
                Sequential stays = (Sequential)Net().To(CpuDevice.Default), moves = (Sequential)Net().To(CpuDevice.Default);
                Optimizer here = make(Parameters(stays)), there = make(Parameters(moves));
                for (int step = 0; step < 9; step++)
                {
                    if (step == 3)
                        Move(moves, device);
                    if (step == 6)
                        Move(moves, CpuDevice.Default);
                    double expected = Step(stays, here, step), got = Step(moves, there, step);
                    Assert.True(Math.Abs(got - expected) <= 1e-5 * expected, $"{here.GetType().Name} on {moves.Device}, step {step}: loss {expected:g9} where it stayed, {got:g9} where it moved");
                }
                Assert.Equal(9, there.Steps);
                foreach ((string path, Parameter parameter) in moves.NamedParameters())
                    Assert.All(there.StateOf(parameter).Tensors, state => Assert.Same(CpuDevice.Default, state.Device));
            }
        }
    }

    [Fact]
    public void The_state_is_on_the_device_after_an_update_there()
    {
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            Sequential net = (Sequential)Net().To(CpuDevice.Default);
            Adam adam = new(Parameters(net), 0.01);
            Step(net, adam, 0);
            net.To(device);
            Step(net, adam, 1);
            Assert.All(net.NamedParameters(), item => Assert.All(adam.StateOf(item.Parameter).Tensors, state => Assert.Same(device, state.Device)));
            Assert.All(net.NamedStatistics(), item => Assert.Same(device, item.Statistic.Value.Device));
        }
    }

    [Fact]
    public void A_steady_training_step_takes_no_new_device_memory()
    {
        foreach (GpuDevice device in GpuTestDevices.Own())
        {
            Sequential net = (Sequential)Net().To(device);
            Adam adam = new(Parameters(net), 0.01);
            Step(net, adam, 0);
            Step(net, adam, 1);
            (long allocations, long held) = (device.Pool.Allocations, device.Pool.BytesHeld);
            // The collector is not to be what gives the memory back.
            bool quiet = GC.TryStartNoGCRegion(100_000_000);
            for (int step = 2; step < 40; step++)
                Step(net, adam, step);
            if (quiet && System.Runtime.GCSettings.LatencyMode == System.Runtime.GCLatencyMode.NoGCRegion)
                GC.EndNoGCRegion();
            Assert.Equal((allocations, held), (device.Pool.Allocations, device.Pool.BytesHeld));
        }
    }

    [Fact]
    public void What_does_not_fit_is_an_error_that_names_bytes_asked_held_and_the_limit()
    {
        List<GpuDevice> devices = [(GpuDevice)DeviceCatalog.Open("emulator"), .. GpuTestDevices.OpenCl];
        foreach (GpuDevice device in devices)
        {
            using Scope scope = new();
            Tensor kept = Tensor.Filled(device, new Shape(5000), 7);
            device.Pool.Trim();
            long held = device.Pool.BytesHeld, asked = BufferPool.RoundUp((device.Pool.Limit / sizeof(float)) + 1) * sizeof(float);
            Assert.True(held >= 5000 * sizeof(float));
            DeviceException refused = Assert.Throws<DeviceException>(() => device.Pool.Rent((device.Pool.Limit / sizeof(float)) + 1));
            // ILGPU's simulator, the emulator of that build, has none.
            string limit = device.Pool.Limit == long.MaxValue ? "the system gives no more" : $"the limit is {device.Pool.Limit}, {device.Pool.LargestBlock} for one block";
            Assert.Equal($"Device memory: a block fits beside what is held; {asked} bytes asked, {held} held, {limit}; use a smaller batch.", refused.Message);
            // One block is refused where all of them together would fit, and what is there stays usable.
            Assert.Throws<DeviceException>(() => device.Pool.Rent((device.Pool.LargestBlock / sizeof(float)) + 1));
            Assert.Equal(held, device.Pool.BytesHeld);
            Assert.All(kept.ToArray(), static value => Assert.Equal(7, value));
        }
        devices[0].Dispose();
    }

    [Fact]
    public void The_default_device_is_the_one_that_the_list_says_is_used()
    {
        DeviceEntry used = DeviceCatalog.All.Single(static entry => entry.Used);
        Assert.Equal(used.Kind, Device.Default.Kind);
        if (used.Kind == DeviceKind.Cpu)
            Assert.Same(CpuDevice.Default, Device.Default);
        Assert.Same(Device.Default, Net().Device);
    }

    private static IEnumerable<Parameter> Parameters(Sequential net) => net.NamedParameters().Select(static item => item.Parameter);

    private static void Move(Sequential net, Device device)
    {
        Dictionary<string, float[]> before = Values(net);
        net.To(device);
        Assert.Same(device, net.Device);
        foreach ((string path, float[] values) in Values(net))
            Assert.Equal(before[path], values);
        Assert.All(net.NamedParameters(), item => Assert.Same(device, item.Parameter.Device));
        Assert.All(net.NamedStatistics(), item => Assert.Same(device, item.Statistic.Value.Device));
    }

    private static Dictionary<string, float[]> Values(Sequential net) => net.NamedParameters().Select(static item => (item.Path, Values: item.Parameter.Value.ToArray()))
        .Concat(net.NamedStatistics().Select(static item => (item.Path, Values: item.Statistic.Value.ToArray()))).ToDictionary(static item => item.Path, static item => item.Values);
}
