using NativeFree.Autograd;
using ILGPU.Runtime.CPU;
using NativeFree.Gpu;
using NativeFree.Gpu.Emulation;
using NativeFree.Kernels;

namespace NativeFree.Tests.Gpu;

public sealed class GpuDeviceTests
{
    [Fact]
    public void Values_go_there_and_back()
    {
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            using Scope scope = new();
            float[] values = Noise.Of(1003, 1);
            Tensor x = Tensor.From(device, new Shape(17, 59), values);
            Assert.Equal(values, x.ToArray());
            Assert.Equal(values, x.Reshape(new Shape(59, 17)).ToArray());
            Assert.Empty(new Tensor(device, new Shape(0, 3)).ToArray());
        }
    }

    [Fact]
    public void Tensors_share_one_block_at_different_places()
    {
        foreach (GpuDevice device in GpuTestDevices.For(0))
        {
            DeviceBuffer arena = device.Pool.Rent(500);
            Tensor first = new(device, new Shape(7, 11), arena, 16), second = new(device, new Shape(5), arena, 112);
            arena.Release();
            first.Fill(1);
            second.Fill(2);
            device.Elementwise.Scale(3, second, second);
            Assert.All(first.Reshape(new Shape(77)).ToArray(), static value => Assert.Equal(1, value));
            Assert.Equal([6, 6, 6, 6, 6], second.ToArray());
        }
    }

    [Fact]
    public void Steady_work_takes_no_new_memory_and_repeats_its_bits()
    {
        foreach (GpuDevice device in GpuTestDevices.Own())
        {
            ConvolutionGeometry g = ConvolutionGeometry.Create(new Shape(2, 5, 6, 3), new Shape(3, 3, 3, 7), (1, 1), new Padding(1, 1, 1, 1), (1, 1), 1);
            float[] first = [];
            long allocations = 0;
            for (int step = 0; step < 40; step++)
            {
                using Scope scope = new();
                Tensor x = Tensor.From(device, g.InShape, Noise.Of(g.InShape.Count, 1)), w = Tensor.From(device, g.FilterShape, Noise.Of(g.FilterShape.Count, 2));
                Tensor y = new(device, g.OutShape), gw = new(device, g.FilterShape), mean = new(device, new Shape(7)), variance = new(device, new Shape(7));
                device.Convolution.Forward(g, x, w, y, Epilogue.None);
                device.Normalization.Moments(y, mean, variance);
                device.Convolution.BackwardFilter(g, x, y, gw);
                float[] result = [.. gw.ToArray(), .. mean.ToArray(), .. variance.ToArray()];
                if (step == 0)
                    first = result;
                Assert.Equal(first, result);
                if (step == 1)
                    allocations = device.Pool.Allocations;
            }
            Assert.Equal(allocations, device.Pool.Allocations);
        }
    }

    [Fact]
    public void A_tensor_of_another_device_is_refused()
    {
        using GpuDevice device = new(new CPUDevice().CreateAccelerator(new EmulatorOptions()));
        using Scope scope = new();
        Tensor here = new(device, new Shape(2)), there = new(CpuDevice.Default, new Shape(2));
        Assert.Throws<DeviceException>(() => device.Elementwise.Scale(2, there, here));
        Assert.Equal(DeviceKind.Emulator, device.Kind);
    }

    // A lease that the collector finds gives its block back to the pool; the block itself must survive that.
    [Fact]
    public void Abandoned_tensors_give_their_memory_back_whole()
    {
        using GpuDevice device = new(new CPUDevice().CreateAccelerator(new EmulatorOptions { Threads = 1 }));
        for (int i = 0; i < 50; i++)
        {
            Abandon(device);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.InRange(device.Pool.Allocations, 1, 5);
        using Scope scope = new();
        Assert.All(Tensor.Filled(device, new Shape(900), 3).ToArray(), static value => Assert.Equal(3, value));
    }

    private static void Abandon(GpuDevice device) => Scope.Detach(Tensor.Filled(device, new Shape(1000), 1));

    [OpenClFact]
    public void Every_kernel_compiles_on_every_OpenCL_device()
    {
        foreach (GpuDevice device in GpuTestDevices.OpenCl)
        {
            foreach (DeviceKernel kernel in NativeFree.Kernels.KernelCatalog.All)
                device.Stream.Accelerator.Prepare(kernel);
        }
    }

    [Fact]
    public void Other_devices_refuse_half_size_weights()
    {
        using var device = (GpuDevice)DeviceCatalog.Open("emulator");
        Assert.Contains("half-size weights", Assert.Throws<DeviceException>(() => InferencePlan.Compile(device, new Shape(1, 2, 2, 3), x => new Dictionary<string, Variable> { ["y"] = x }, WeightFormat.Half)).Message, StringComparison.Ordinal);
    }
}
