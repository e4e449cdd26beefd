using System.Collections.Concurrent;
using NativeFree.Kernels;

namespace NativeFree.Tests.Gpu;

/// <summary>The devices that families are tested on, each made once. Big cases go to the plain emulator: following every access costs a hundred times as much. Over the ILGPU packages there is no emulator, only drivers.</summary>
internal static class GpuTestDevices
{
    private const long CheckedWork = 3_000_000;

    private static readonly ConcurrentDictionary<KernelVariant, Lazy<GpuDevice[]>> Variants = new();
    private static readonly Lazy<GpuDevice> Checked = new(static () => DeviceCatalog.CheckedEmulator(77));
    private static readonly Lazy<GpuDevice> Plain = new(static () => (GpuDevice)DeviceCatalog.Open("emulator"));
    private static readonly Lazy<GpuDevice[]> Opened = new(static () => [.. Drivers.All.Where(Usable).Select(Open)]);

#if ILGPU
    /// <summary>Every OpenCL device.</summary>
    public static IEnumerable<GpuDevice> For(long work) => work < 0 ? [] : Opened.Value;

    /// <summary>Every OpenCL device once more, with a pool that no other test uses.</summary>
    public static IEnumerable<GpuDevice> Own() => Drivers.All.Where(Usable).Select(Open);
#else
    /// <summary>The emulator that suits so many operations, and every OpenCL device.</summary>
    public static IEnumerable<GpuDevice> For(long work) => [work <= CheckedWork ? Checked.Value : Plain.Value, .. Opened.Value];

    /// <summary>A plain emulator and every OpenCL device once more, with pools that no other test uses.</summary>
    public static IEnumerable<GpuDevice> Own() => [(GpuDevice)DeviceCatalog.Open("emulator"), .. Drivers.All.Where(Usable).Select(Open)];
#endif

    /// <summary>The same devices with one variant of the kernels wherever it can run; none where ILGPU compiles the kernels, for which the variants are not meant.</summary>
    public static IEnumerable<GpuDevice> For(long work, KernelVariant variant)
    {
        if (!Drivers.HasLanes)
            return [];
        Lazy<GpuDevice[]> set = Variants.GetOrAdd(variant, static variant => new(() =>
        [
            Limited(new GpuDevice(Drivers.OpenEmulator(78), isProcessor: true), variant),
            Limited(new GpuDevice(Drivers.OpenEmulator(null), isProcessor: true), variant),
            .. Drivers.All.Where(Usable).Select(device => Limited(new GpuDevice(device.Open(), isProcessor: true), variant)),
        ]));
        return [set.Value[work <= CheckedWork ? 0 : 1], .. set.Value.Skip(2)];
    }

    private static GpuDevice Open(DriverDevice device) => new(device.Open(), Drivers.HasLanes && !device.IsGpu);

    private static bool Usable(DriverDevice device) => device.Kind == DeviceKind.OpenCl && device.Refusal is null;

    public static GpuDevice CheckedEmulator => Checked.Value;

    public static IReadOnlyList<GpuDevice> OpenCl => Opened.Value;

    private static GpuDevice Limited(GpuDevice device, KernelVariant variant)
    {
        device.Choices.Only = variant;
        return device;
    }
}

/// <summary>A test that needs an OpenCL driver; without one it is skipped, and says so.</summary>
public sealed class OpenClFactAttribute : FactAttribute
{
    public OpenClFactAttribute() => Skip = Drivers.Absence;
}

/// <summary>A theory over golden files on the OpenCL devices, skipped with the reason where the files or the driver are missing, or where it is long and nobody asked for the whole.</summary>
internal sealed class OpenClGoldenTheoryAttribute : TheoryAttribute
{
    private const string FullVariable = "NATIVEFREE_FULL";

    public OpenClGoldenTheoryAttribute(string needs)
    {
        if (!Path.Exists(Goldens.PathOf(needs)))
            Skip = $"no {needs} under {Goldens.Folder}";
        else if (Drivers.Absence is { } absence)
            Skip = absence;
    }

    /// <summary>Whether it belongs to the whole set only.</summary>
    public bool Full
    {
        get => Skip is { } reason && reason.Contains(FullVariable, StringComparison.Ordinal);
        set
        {
            if (value && Skip is null && Environment.GetEnvironmentVariable(FullVariable) != "1")
                Skip = $"the whole set takes five minutes more on a CPU's OpenCL driver; {FullVariable}=1 runs it";
        }
    }
}
