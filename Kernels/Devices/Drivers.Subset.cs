using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.OpenCL;
using NativeFree.Gpu.Emulation;

namespace NativeFree.Kernels;

/// <summary>What the machine's drivers offer, over the project's own runtime. The build over the ILGPU packages has Drivers.Ilgpu.cs in place of this file.</summary>
internal static class Drivers
{
    private static readonly Lazy<IReadOnlyList<DriverDevice>> Found = new(static () => [.. CLDevice.All.Select(Describe)]);

    /// <summary>Every device of every driver, usable or not.</summary>
    public static IReadOnlyList<DriverDevice> All => Found.Value;

    /// <summary>Why there is none, or null.</summary>
    public static string? Absence => CLDevice.Absence;

    /// <summary>Why no device is driven by CUDA, or null.</summary>
    public static string? CudaAbsence => "CUDA needs a build over the ILGPU packages (-p:Ilgpu=true); this is the build without; NVIDIA's OpenCL driver is opencl:N";

    /// <summary>The emulator; with an order, work-items run in an order drawn from it and every access is checked for races.</summary>
    public static Accelerator OpenEmulator(ulong? order) => new CPUDevice().CreateAccelerator(order is null ? new EmulatorOptions() : new EmulatorOptions { Checked = true, Order = order });

    /// <summary>Whether kernels of DeviceLanes run in vector registers, so that they are worth choosing. The kernel compiler turns DeviceLanes into OpenCL's float16.</summary>
    public static bool HasLanes => true;

    /// <summary>Bytes that one block of memory may have at most.</summary>
    public static long LargestBlock(Accelerator accelerator) => accelerator is CLAccelerator opencl ? opencl.LargestBuffer : accelerator.MemorySize;

    /// <summary>Whether an allocation failed for want of memory.</summary>
    public static bool IsOutOfMemory(Exception refused) => refused is OutOfMemoryException;

    private static DriverDevice Describe(CLDevice device, int index) => new(
        device.Name, $"{device.PlatformName} {device.DriverVersion}", DeviceKind.OpenCl, index, !device.IsCpu, device.Refusal, device.MemorySize, () =>
        {
            using Context context = Context.Create(static builder => builder.Profiling());
            return device.CreateAccelerator(context);
        });
}
