using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using NativeFree.Gpu.Emulation;

namespace NativeFree.Tests.Gpu;

public sealed class ViewTests
{
    [Fact]
    public void Views_are_cut_inside_their_bounds_and_cast_where_they_are_aligned()
    {
        using CPUAccelerator accelerator = new CPUDevice().CreateAccelerator(new EmulatorOptions());
        using var x = accelerator.Allocate1D<float>(10);
        Assert.Equal(4, x.View.SubView(6).Length);
        Assert.Equal(0, x.View.SubView(10, 0).Length);
        Assert.Equal(2, x.View.Cast<Four>().Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => x.View.SubView(7, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => x.View.SubView(-1, 2));
        Assert.Throws<ArgumentException>(() => x.View.SubView(1).Cast<Four>());
    }

    [Fact]
    public void Elements_and_coordinates_are_for_kernels()
    {
        using CPUAccelerator accelerator = new CPUDevice().CreateAccelerator(new EmulatorOptions());
        using var x = accelerator.Allocate1D<float>(10);
        Assert.Equal(
            "ArrayView[]: works inside a kernel alone; the host called it; start the kernel through its launcher.",
            Assert.Throws<InvalidOperationException>(() => x.View[0]).Message);
        Assert.Throws<InvalidOperationException>(static () => Group.IdxX);
        Assert.Throws<InvalidOperationException>(static () => Grid.DimZ);
        Assert.Throws<InvalidOperationException>(Group.Barrier);
        Assert.Throws<InvalidOperationException>(static () => SharedMemory.Allocate<float>(1));
    }

    [Fact]
    public void New_emulated_memory_holds_what_a_reader_notices()
    {
        using CPUAccelerator accelerator = new CPUDevice().CreateAccelerator(new EmulatorOptions());
        using var x = accelerator.Allocate1D<float>(3);
        float[] values = new float[3];
        x.View.CopyToCPU(values);
        Assert.All(values, static value => Assert.True(float.IsNaN(value)));
    }
}
