using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>Times pieces of work on a device in turn; every run ends when the device is done.</summary>
internal static class GpuTimer
{
    /// <summary>The device of a name.</summary>
    /// <exception cref="DeviceException">There is none of the name.</exception>
    /// <exception cref="BenchmarkException">It runs no GPU kernels.</exception>
    public static GpuDevice Open(string name) =>
        DeviceCatalog.Open(name) as GpuDevice ?? throw new BenchmarkException($"bench: the kernels run on opencl:N, cuda:N or emulator; --device {name} is the SIMD engine; see 'nativefree devices'.");

    /// <summary>Whether a variant is worth timing on a device: a GPU would run kernels of one work-item a group in one of its lanes. The emulator shows all.</summary>
    public static bool Suits(GpuDevice device, KernelVariant variant) =>
        device.IsProcessor || device.Kind == DeviceKind.Emulator || variant is not (KernelVariant.Rows16 or KernelVariant.Rows32 or KernelVariant.Rows64 or KernelVariant.Lanes);

    /// <summary>Work with one variant, made, run once and found right before anything is timed.</summary>
    /// <exception cref="BenchmarkException">It computes something else than its definition.</exception>
    public static IContender Contender(GpuDevice device, GpuWork work, KernelVariant? variant)
    {
        device.Choices.Only = variant;
        GpuTask task = work.Make(device);
        task.Check(variant is null ? work.Name : $"{work.Name}, {variant}");
        Action run = task.Run;
        return new LocalContender(variant?.ToString() ?? "ours", () =>
        {
            device.Choices.Only = variant;
            run();
            device.Synchronize();
        });
    }
}
