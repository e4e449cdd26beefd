namespace NativeFree.Kernels;

/// <summary>A device that was found.</summary>
/// <param name="Name">Its own name.</param>
/// <param name="Kind">What drives it.</param>
/// <param name="Index">N in <c>opencl:N</c> and <c>cuda:N</c>; 0 for the others.</param>
/// <param name="Used">Whether it is what <c>auto</c> takes.</param>
/// <param name="Reason">Why it is or is not used.</param>
/// <param name="MemoryBytes">Its memory.</param>
public sealed record DeviceEntry(string Name, DeviceKind Kind, int Index, bool Used, string Reason, long MemoryBytes);

/// <summary>Every device of the machine, and opening one by name.</summary>
public static class DeviceCatalog
{
    /// <summary>The CPU, every device of every driver, usable or not, and the emulator. Asks the drivers at the first call.</summary>
    public static IReadOnlyList<DeviceEntry> All => Found.Value;

    private static readonly Lazy<IReadOnlyList<DeviceEntry>> Found = new(Find);

    /// <summary>Opens a device: <c>cpu</c>, <c>gpu</c> (the first usable device of a driver that is no CPU), <c>opencl:N</c>, <c>cuda:N</c>, <c>emulator</c>, or <c>auto</c>: the GPU if there is one, else the CPU.</summary>
    /// <exception cref="DeviceException">The name is none of these, or there is no such device, or it cannot be used; the message says why.</exception>
    public static Device Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        switch (name)
        {
            case "cpu":
                return CpuDevice.Default;
            case "emulator":
                return new GpuDevice(Drivers.OpenEmulator(null));
            case "auto":
                return FirstGpu() is { } found ? Take(found) : CpuDevice.Default;
            case "gpu":
                return FirstGpu() is { } gpu ? Take(gpu) : throw new DeviceException($"Device gpu: a GPU that can be used is needed; {Drivers.Absence ?? "every device of a driver is a CPU or refused"}; see 'nativefree devices'.");
        }
        if (Numbered(name, "cuda:") is { } cuda)
            return Drivers.CudaAbsence is { } absence ? throw new DeviceException($"Device {name}: {absence}.") : Take(name, DeviceKind.Cuda, cuda, "CUDA", null);
        if (Numbered(name, "opencl:") is { } opencl)
            return Take(name, DeviceKind.OpenCl, opencl, "OpenCL", Drivers.Absence);
        throw new DeviceException($"Device: one of auto, cpu, gpu, opencl:N, cuda:N, emulator; got '{name}'.");
    }

    /// <summary>
    /// The emulator as a proof: groups and work-items run in an order drawn from <paramref name="order"/>, and a data race or a read of shared memory that nobody wrote ends the launch with an error that names kernel, line and both
    /// work-items. A hundred times slower than the plain emulator.
    /// </summary>
    public static GpuDevice CheckedEmulator(ulong order) => new(Drivers.OpenEmulator(order));

    private static DriverDevice? FirstGpu() => Drivers.All.FirstOrDefault(static device => device.Refusal is null && device.IsGpu);

    private static int? Numbered(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal) && int.TryParse(name[prefix.Length..], out int index) ? index : null;

    private static GpuDevice Take(string name, DeviceKind kind, int index, string driver, string? absence)
    {
        DriverDevice[] devices = [.. Drivers.All.Where(device => device.Kind == kind)];
        return Array.Find(devices, device => device.Index == index) is { } found
            ? Take(found)
            : throw new DeviceException($"Device {name}: {driver} devices are numbered from 0; {absence ?? $"{devices.Length} found"}; see 'nativefree devices'.");
    }

    private static GpuDevice Take(DriverDevice device) =>
        device.Refusal is { } refusal ? throw new DeviceException($"Device {device.Name}: cannot be used; {refusal}.") : new GpuDevice(device.Open(), Drivers.HasLanes && !device.IsGpu);

    private static List<DeviceEntry> Find()
    {
        DriverDevice? gpu = FirstGpu();
        List<DeviceEntry> entries =
        [
            new(CpuDevice.Default.Name, DeviceKind.Cpu, 0, gpu is null, gpu is null ? "the managed SIMD engine; no GPU was found" : "the managed SIMD engine; a GPU goes before it", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
        ];
        if (Drivers.Absence is { } absence)
            entries.Add(new("OpenCL", DeviceKind.OpenCl, 0, false, absence, 0));
        foreach (DriverDevice device in Drivers.All)
        {
            string name = device.Kind == DeviceKind.Cuda ? $"cuda:{device.Index}" : $"opencl:{device.Index}";
            string reason = device.Refusal ?? (device == gpu ? "the first GPU" : !device.IsGpu ? $"a CPU behind an OpenCL driver is used only when asked for: --device {name}" : $"another GPU comes first: --device {name}");
            entries.Add(new($"{device.Name} ({device.Driver})", device.Kind, device.Index, device == gpu, reason, device.MemorySize));
        }
        entries.Add(new("Emulator", DeviceKind.Emulator, 0, false, "runs GPU kernels as C# to prove them: --device emulator", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
        return entries;
    }
}
