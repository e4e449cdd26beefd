using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace NativeFree.Kernels;

/// <summary>What the machine's drivers offer, over the ILGPU packages. The default build has Drivers.Subset.cs in place of this file.</summary>
internal static class Drivers
{
    // The kernels' needs, as in the default build.
    private const int SharedNeeded = 32 * 1024;
    private const int GroupNeeded = 256;

    private static readonly Lazy<Context> Shared = new(static () => Context.Create(static builder => builder.OpenCL(Accept).Cuda().CPU(new CPUDevice(16, 16, 1)).Optimize(OptimizationLevel.O2).EnableAlgorithms().Profiling()));

    private static readonly Lazy<IReadOnlyList<DriverDevice>> Found = new(static () => [.. Describe(AcceleratorType.OpenCL, DeviceKind.OpenCl), .. Describe(AcceleratorType.Cuda, DeviceKind.Cuda)]);

    /// <summary>Every device of every driver, usable or not.</summary>
    public static IReadOnlyList<DriverDevice> All => Found.Value;

    /// <summary>Why there is no OpenCL device, or null.</summary>
    public static string? Absence => All.Any(static device => device.Kind == DeviceKind.OpenCl) ? null : "ILGPU finds no OpenCL device";

    /// <summary>Why no device is driven by CUDA, or null.</summary>
    public static string? CudaAbsence => All.Any(static device => device.Kind == DeviceKind.Cuda) ? null : "ILGPU finds no CUDA device";

    /// <summary>ILGPU's simulator, one thread a work-item: for tests of a few elements. It runs work-items in whatever order the threads take; the order asked for is the default build's.</summary>
    public static Accelerator OpenEmulator(ulong? order) => Shared.Value.Devices.First(static device => device.AcceleratorType == AcceleratorType.CPU).CreateAccelerator(Shared.Value);

    /// <summary>Whether kernels of DeviceLanes run in vector registers, so that they are worth choosing. ILGPU computes its sixteen floats one by one and unrolls no loops.</summary>
    public static bool HasLanes => false;

    /// <summary>Bytes that one block of memory may have at most.</summary>
    public static long LargestBlock(Accelerator accelerator) =>
        accelerator is CLAccelerator opencl ? (long)((CLDevice)opencl.Device).GetDeviceInfo<ulong>(CLDeviceInfoType.CL_DEVICE_MAX_MEM_ALLOC_SIZE) : accelerator.MemorySize;

    /// <summary>Whether an allocation failed for want of memory.</summary>
    public static bool IsOutOfMemory(Exception refused) =>
        refused is CLException { Error: CLError.CL_MEM_OBJECT_ALLOCATION_FAILURE or CLError.CL_OUT_OF_RESOURCES or CLError.CL_OUT_OF_HOST_MEMORY or CLError.CL_INVALID_BUFFER_SIZE }
        || (refused is CudaException cuda && cuda.Error.Contains("OUT_OF_MEMORY", StringComparison.Ordinal));

    private static IEnumerable<DriverDevice> Describe(AcceleratorType type, DeviceKind kind)
    {
        ImmutableArray<ILGPU.Runtime.Device> devices = [.. Shared.Value.Devices.Where(device => device.AcceleratorType == type)];
        for (int i = 0; i < devices.Length; i++)
        {
            ILGPU.Runtime.Device device = devices[i];
            string driver = device is CLDevice opencl ? $"{opencl.PlatformName}, ILGPU" : "CUDA, ILGPU";
            string? refusal = device.MaxNumThreadsPerGroup < GroupNeeded ? $"groups of {GroupNeeded} work-items are needed, it allows {device.MaxNumThreadsPerGroup}"
                : device.MaxSharedMemoryPerGroup < SharedNeeded ? $"{SharedNeeded} bytes of shared memory are needed, it has {device.MaxSharedMemoryPerGroup}"
                : null;
            bool isGpu = device is not CLDevice { DeviceType: CLDeviceType.CL_DEVICE_TYPE_CPU };
            yield return new(device.Name, driver, kind, i, isGpu, refusal, device.MemorySize, () => device.CreateAccelerator(Shared.Value));
        }
    }

    // ILGPU leaves out devices without a generic address space. At O2 all views of a kernel are global pointers, so that none is needed.
    private static bool Accept(CLDevice device)
    {
        SetGenericAddressSpace(device.Capabilities, true);
        return true;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_GenericAddressSpace")]
    private static extern void SetGenericAddressSpace(CLCapabilityContext capabilities, bool value);
}
