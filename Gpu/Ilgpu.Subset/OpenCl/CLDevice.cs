using System.Collections.Immutable;
using System.Text;

namespace ILGPU.Runtime.OpenCL;

/// <summary>A device of an OpenCL driver, used or not.</summary>
public sealed unsafe class CLDevice : Device
{
    // The kernels' needs: shared tiles of up to 32 KiB, the smallest amount that OpenCL 1.2 lets a full-profile device have, and groups of 256 work-items.
    private const int SharedNeeded = 32 * 1024;
    private const int GroupNeeded = 256;

    private static readonly Lazy<ImmutableArray<CLDevice>> Found = new(Find);

    private CLDevice(nint platform, nint device, string platformName, string platformVersion)
        : base(AcceleratorType.OpenCL, Text(device, 0x102B))
    {
        PlatformId = platform;
        DeviceId = device;
        PlatformName = platformName;
        PlatformVersion = platformVersion;
        DriverVersion = Text(device, 0x102D);
        DeviceVersion = Text(device, 0x102F);
        IsCpu = (Number<ulong>(device, 0x1000) & 2) != 0;
        MemorySize = (long)Number<ulong>(device, 0x101F);
        LargestBuffer = (long)Number<ulong>(device, 0x1010);
        MaxNumThreadsPerGroup = (int)Number<nuint>(device, 0x1004);
        MaxSharedMemoryPerGroup = (int)Math.Min(Number<ulong>(device, 0x1023), int.MaxValue);
        NumMultiprocessors = (int)Number<uint>(device, 0x1002);
        RoundsCorrectly = (Number<ulong>(device, 0x101B) & 0x80) != 0;
        Refusal = Refuse();
    }

    /// <summary>Every device of every platform, in the drivers' order. Empty where no OpenCL loader is installed.</summary>
    public static ImmutableArray<CLDevice> All => Found.Value;

    /// <summary>Why <see cref="All"/> is empty, or null.</summary>
    public static string? Absence => !Cl.IsPresent ? $"no OpenCL driver: none of {Cl.LoaderNames} is installed" : All.IsEmpty ? "the OpenCL loader knows no device" : null;

    /// <summary>The driver's platform.</summary>
    public string PlatformName { get; }

    /// <summary>The platform's version.</summary>
    public string PlatformVersion { get; }

    /// <summary>The driver's version.</summary>
    public string DriverVersion { get; }

    /// <summary>The OpenCL version, as <c>OpenCL 3.0 …</c>.</summary>
    public string DeviceVersion { get; }

    /// <summary>Whether the device is the host's own processor.</summary>
    public bool IsCpu { get; }

    /// <summary>Why the kernels cannot run on it, or null.</summary>
    public string? Refusal { get; }

    internal nint PlatformId { get; }

    internal nint DeviceId { get; }

    internal long LargestBuffer { get; }

    // Division and square root as IEEE 754 wants them, where the device can.
    internal bool RoundsCorrectly { get; }

    /// <inheritdoc/>
    public override Accelerator CreateAccelerator(Context context) =>
        Refusal is null ? new CLAccelerator(this, context.HasProfiling) : throw new NativeFree.Gpu.DeviceDriverException($"OpenCL: {Name} cannot be used; {Refusal}.", 0);

    private string? Refuse()
    {
        if (Number<uint>(DeviceId, 0x1027) == 0)
            return "the driver says it is not available";
        if (Number<uint>(DeviceId, 0x1028) == 0)
            return "the driver has no compiler";
        if (Number<uint>(DeviceId, 0x1026) == 0)
            return "it is big-endian";
        if (!AtLeast12(DeviceVersion))
            return $"OpenCL 1.2 is needed, it has {DeviceVersion}";
        if (MaxNumThreadsPerGroup < GroupNeeded)
            return $"groups of {GroupNeeded} work-items are needed, it allows {MaxNumThreadsPerGroup}";
        if (MaxSharedMemoryPerGroup < SharedNeeded)
            return $"{SharedNeeded} bytes of shared memory are needed, it has {MaxSharedMemoryPerGroup}";
        return null;
    }

    // "OpenCL 1.2 …"
    private static bool AtLeast12(string version) =>
        version.Split(' ') is [_, string number, ..] && Version.TryParse(number, out Version? parsed) && parsed >= new Version(1, 2);

    private static ImmutableArray<CLDevice> Find()
    {
        if (!Cl.IsPresent)
            return [];
        uint count;
        int code = Cl.GetPlatformIds(0, null, &count);
        if (code == ClError.PlatformNotFound || count == 0)
            return [];
        Cl.Check(code, "clGetPlatformIDs");
        nint[] platforms = new nint[count];
        fixed (nint* first = platforms)
            Cl.Check(Cl.GetPlatformIds(count, first, null), "clGetPlatformIDs");
        return [.. platforms.SelectMany(DevicesOf)];
    }

    private static IEnumerable<CLDevice> DevicesOf(nint platform)
    {
        string name = PlatformText(platform, 0x0902);
        string version = PlatformText(platform, 0x0901);
        return DeviceIds(platform).Select(device => new CLDevice(platform, device, name, version));
    }

    private static nint[] DeviceIds(nint platform)
    {
        const ulong all = 0xFFFFFFFF;
        uint count;
        int code = Cl.GetDeviceIds(platform, all, 0, null, &count);
        if (code == ClError.DeviceNotFound || count == 0)
            return [];
        Cl.Check(code, "clGetDeviceIDs");
        nint[] devices = new nint[count];
        fixed (nint* first = devices)
            Cl.Check(Cl.GetDeviceIds(platform, all, count, first, null), "clGetDeviceIDs");
        return devices;
    }

    private static T Number<T>(nint device, uint what)
        where T : unmanaged
    {
        T value = default;
        Cl.Check(Cl.GetDeviceInfo(device, what, (nuint)sizeof(T), &value, null), $"clGetDeviceInfo 0x{what:X}");
        return value;
    }

    private static string Text(nint device, uint what)
    {
        nuint size;
        Cl.Check(Cl.GetDeviceInfo(device, what, 0, null, &size), $"clGetDeviceInfo 0x{what:X}");
        byte[] bytes = new byte[size];
        fixed (byte* first = bytes)
            Cl.Check(Cl.GetDeviceInfo(device, what, size, first, null), $"clGetDeviceInfo 0x{what:X}");
        return Encoding.UTF8.GetString(bytes).TrimEnd('\0').Trim();
    }

    private static string PlatformText(nint platform, uint what)
    {
        nuint size;
        Cl.Check(Cl.GetPlatformInfo(platform, what, 0, null, &size), $"clGetPlatformInfo 0x{what:X}");
        byte[] bytes = new byte[size];
        fixed (byte* first = bytes)
            Cl.Check(Cl.GetPlatformInfo(platform, what, size, first, null), $"clGetPlatformInfo 0x{what:X}");
        return Encoding.UTF8.GetString(bytes).TrimEnd('\0').Trim();
    }
}
