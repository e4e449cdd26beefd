using ILGPU;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.OpenCL;

namespace NativeFree.Kernels;

/// <summary>A device that was found.</summary>
/// <param name="Name">Its own name.</param>
/// <param name="Kind">What drives it.</param>
/// <param name="Index">N in <c>opencl:N</c>; 0 for the others.</param>
/// <param name="Used">Whether it is what <c>auto</c> takes.</param>
/// <param name="Reason">Why it is or is not used.</param>
/// <param name="MemoryBytes">Its memory.</param>
public sealed record DeviceEntry(string Name, DeviceKind Kind, int Index, bool Used, string Reason, long MemoryBytes);

/// <summary>Every device of the machine, and opening one by name.</summary>
public static class DeviceCatalog
{
    /// <summary>The CPU, every device of every OpenCL platform, usable or not, and the emulator. Asks the drivers at the first call.</summary>
    public static IReadOnlyList<DeviceEntry> All => Found.Value;

    private static readonly Lazy<IReadOnlyList<DeviceEntry>> Found = new(Find);

    /// <summary>Opens a device: <c>cpu</c>, <c>gpu</c> (the first usable OpenCL device that is no CPU), <c>opencl:N</c>, <c>emulator</c>, or <c>auto</c>: the GPU if there is one, else the CPU.</summary>
    /// <exception cref="DeviceException">The name is none of these, or there is no such device, or it cannot be used; the message says why.</exception>
    public static Device Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        switch (name)
        {
            case "cpu":
                return CpuDevice.Default;
            case "emulator":
                return new GpuDevice(new CPUDevice().CreateAccelerator(new NativeFree.Gpu.Emulation.EmulatorOptions()));
            case "auto":
                return FirstGpu() is { } found ? OpenCl(found) : CpuDevice.Default;
            case "gpu":
                return FirstGpu() is { } gpu ? OpenCl(gpu) : throw new DeviceException($"Device gpu: a GPU that can be used is needed; {CLDevice.Absence ?? "every OpenCL device is a CPU or refused"}; see 'nativefree devices'.");
        }
        if (name.StartsWith("cuda:", StringComparison.Ordinal))
            throw new DeviceException($"Device {name}: CUDA needs a build over the ILGPU packages (-p:Ilgpu=true); this is the build without; NVIDIA's OpenCL driver is opencl:N.");
        if (name.StartsWith("opencl:", StringComparison.Ordinal) && int.TryParse(name["opencl:".Length..], out int index))
        {
            if (index < 0 || index >= CLDevice.All.Length)
                throw new DeviceException($"Device {name}: OpenCL devices are numbered from 0; {CLDevice.Absence ?? $"{CLDevice.All.Length} found"}; see 'nativefree devices'.");
            return OpenCl(CLDevice.All[index]);
        }
        throw new DeviceException($"Device: one of auto, cpu, gpu, opencl:N, cuda:N, emulator; got '{name}'.");
    }

    private static CLDevice? FirstGpu() => CLDevice.All.FirstOrDefault(static device => device.Refusal is null && !device.IsCpu);

    private static GpuDevice OpenCl(CLDevice device)
    {
        if (device.Refusal is { } refusal)
            throw new DeviceException($"Device {device.Name}: cannot be used; {refusal}.");
        using Context context = Context.Create(static builder => builder.Profiling());
        return new GpuDevice(device.CreateAccelerator(context));
    }

    private static List<DeviceEntry> Find()
    {
        CLDevice? gpu = FirstGpu();
        List<DeviceEntry> entries =
        [
            new(CpuDevice.Default.Name, DeviceKind.Cpu, 0, gpu is null, gpu is null ? "the managed SIMD engine; no GPU was found" : "the managed SIMD engine; a GPU goes before it", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
        ];
        if (CLDevice.Absence is { } absence)
            entries.Add(new("OpenCL", DeviceKind.OpenCl, 0, false, absence, 0));
        for (int i = 0; i < CLDevice.All.Length; i++)
        {
            CLDevice device = CLDevice.All[i];
            string reason = device.Refusal ?? (device == gpu ? "the first GPU" : device.IsCpu ? $"a CPU behind an OpenCL driver is used only when asked for: --device opencl:{i}" : $"another GPU comes first: --device opencl:{i}");
            entries.Add(new($"{device.Name} ({device.PlatformName} {device.DriverVersion})", DeviceKind.OpenCl, i, device == gpu, reason, device.MemorySize));
        }
        entries.Add(new("Emulator", DeviceKind.Emulator, 0, false, "runs GPU kernels as C# to prove them: --device emulator", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
        return entries;
    }
}
