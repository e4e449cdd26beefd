using ILGPU.Runtime.CPU;
using ILGPU.Runtime.OpenCL;
using NativeFree.Gpu.Emulation;
using NativeFree.Kernels;

namespace NativeFree.Tests.Gpu;

/// <summary>The devices that families are tested on, each made once. Big cases go to the plain emulator: following every access costs a hundred times as much.</summary>
internal static class GpuTestDevices
{
    private const long CheckedWork = 3_000_000;

    private static readonly Lazy<GpuDevice> Checked = new(static () => new GpuDevice(new CPUDevice().CreateAccelerator(new EmulatorOptions { Checked = true, Order = 77 })));
    private static readonly Lazy<GpuDevice> Plain = new(static () => new GpuDevice(new CPUDevice().CreateAccelerator(new EmulatorOptions { Threads = 2 })));
    private static readonly Lazy<GpuDevice[]> Drivers = new(static () => [.. CLDevice.All.Where(static device => device.Refusal is null).Select(static (_, i) => new GpuDevice(GpuTargets.Open($"opencl:{i}")))]);

    /// <summary>The emulator that suits so many operations, and every OpenCL device.</summary>
    public static IEnumerable<GpuDevice> For(long work) => [work <= CheckedWork ? Checked.Value : Plain.Value, .. Drivers.Value];

    public static GpuDevice CheckedEmulator => Checked.Value;

    public static IReadOnlyList<GpuDevice> OpenCl => Drivers.Value;
}

/// <summary>A theory over golden files on the OpenCL devices, skipped with the reason where the files or the driver are missing.</summary>
internal sealed class OpenClGoldenTheoryAttribute : TheoryAttribute
{
    public OpenClGoldenTheoryAttribute(string needs)
    {
        if (!Path.Exists(Goldens.PathOf(needs)))
            Skip = $"no {needs} under {Goldens.Folder}";
        else if (CLDevice.Absence is { } absence)
            Skip = absence;
    }
}
