using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using NativeFree.Gpu;
using NativeFree.Kernels;

namespace NativeFree.Tests.Gpu;

public sealed class DeviceCatalogTests
{
    [Fact]
    public void Every_device_is_listed_with_a_reason()
    {
        Assert.All(DeviceCatalog.All, static entry => Assert.NotEmpty(entry.Reason));
        Assert.Single(DeviceCatalog.All, static entry => entry.Used);
        Assert.Single(DeviceCatalog.All, static entry => entry.Kind == DeviceKind.Cpu);
        Assert.Single(DeviceCatalog.All, static entry => entry.Kind == DeviceKind.Emulator);
        DeviceEntry[] drivers = [.. DeviceCatalog.All.Where(static entry => entry.Kind == DeviceKind.OpenCl)];
        if (CLDevice.Absence is { } absence)
            Assert.Equal(absence, Assert.Single(drivers).Reason);
        else
            Assert.Equal(CLDevice.All.Length, drivers.Length);
    }

    [Fact]
    public void Devices_open_by_name()
    {
        Assert.Same(CpuDevice.Default, DeviceCatalog.Open("cpu"));
        using GpuDevice emulator = (GpuDevice)DeviceCatalog.Open("emulator");
        Assert.Equal(DeviceKind.Emulator, emulator.Kind);
    }

    [Fact]
    public void The_checked_emulator_finds_a_race()
    {
        using GpuDevice emulator = DeviceCatalog.CheckedEmulator(5);
        using var x = emulator.Stream.Accelerator.Allocate1D([1f, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Contains("data race", Assert.Throws<KernelFaultException>(() => FaultyLaunch.TwoGroupsOneElement(emulator.Stream, (2, 1, 1), x.View, x.View)).Message, StringComparison.Ordinal);
    }

    [OpenClFact]
    public void An_OpenCL_device_opens_by_number()
    {
        using GpuDevice device = (GpuDevice)DeviceCatalog.Open("opencl:0");
        Assert.Equal(DeviceKind.OpenCl, device.Kind);
    }

    [Theory]
    [InlineData("cuda:0", "Device cuda:0: CUDA needs a build over the ILGPU packages")]
    [InlineData("opencl:99", "Device opencl:99: OpenCL devices are numbered from 0")]
    [InlineData("opencl:x", "Device: one of auto, cpu, gpu, opencl:N, cuda:N, emulator; got 'opencl:x'.")]
    [InlineData("tpu", "Device: one of auto, cpu, gpu, opencl:N, cuda:N, emulator; got 'tpu'.")]
    public void What_is_not_there_is_refused(string name, string message) =>
        Assert.StartsWith(message, Assert.Throws<DeviceException>(() => DeviceCatalog.Open(name)).Message, StringComparison.Ordinal);
}
