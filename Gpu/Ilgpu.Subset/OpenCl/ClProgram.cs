using System.Security.Cryptography;
using System.Text;
using NativeFree.Gpu;

namespace ILGPU.Runtime.OpenCL;

/// <summary>
/// Builds programs, and keeps the driver's binaries on disk under a hash of source, options, device and driver version, so that the next process starts without compiling. The folder
/// is <c>NATIVEFREE_KERNEL_CACHE</c>, or one in the user's local application data; an empty value turns the cache off. A binary that the driver refuses is built anew.
/// </summary>
internal static unsafe class ClProgram
{
    public static nint Build(CLAccelerator accelerator, DeviceKernel kernel)
    {
        CLDevice device = accelerator.ClDevice;
        string options = Options(device);
        string? file = CacheFile(device, kernel.Source);
        if (file is not null && File.Exists(file) && FromBinary(accelerator, File.ReadAllBytes(file), options) is var cached and not 0)
            return cached;

        nint program = FromSource(accelerator, kernel.Source);
        int code = BuildFor(device, program, options);
        if (code != 0)
        {
            string log = Log(device, program);
            Cl.ReleaseProgram(program);
            throw new DeviceDriverException($"{kernel}: {device.Name} does not compile it ({ClError.Name(code)}); the driver says:\n{log}", code);
        }
        if (file is not null)
            Keep(file, Binary(program));
        return program;
    }

    private static string Options(CLDevice device) => device.RoundsCorrectly ? "-cl-std=CL1.2 -cl-fp32-correctly-rounded-divide-sqrt" : "-cl-std=CL1.2";

    /// <summary>Where the binary of a source is kept; null where none is.</summary>
    internal static string? CacheFile(CLDevice device, string source)
    {
        string folder = Environment.GetEnvironmentVariable("NATIVEFREE_KERNEL_CACHE")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "NativeFree", "kernels");
        if (folder.Length == 0 || !Path.IsPathFullyQualified(folder))
            return null;
        string identity = string.Join('\0', device.PlatformName, device.PlatformVersion, device.Name, device.DeviceVersion, device.DriverVersion, Options(device), source);
        return Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity))) + ".bin");
    }

    private static nint FromSource(CLAccelerator accelerator, string source)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(source);
        nuint length = (nuint)bytes.Length;
        int code;
        nint program;
        fixed (byte* text = bytes)
        {
            byte* first = text;
            program = Cl.CreateProgramWithSource(accelerator.Context, 1, &first, &length, &code);
        }
        Cl.Check(code, "clCreateProgramWithSource");
        return program;
    }

    private static nint FromBinary(CLAccelerator accelerator, byte[] binary, string options)
    {
        nint device = accelerator.ClDevice.DeviceId;
        nuint length = (nuint)binary.Length;
        int status;
        int code;
        nint program;
        fixed (byte* bytes = binary)
        {
            byte* first = bytes;
            program = Cl.CreateProgramWithBinary(accelerator.Context, 1, &device, &length, &first, &status, &code);
        }
        if (code != 0 || status != 0)
            return 0;
        if (BuildFor(accelerator.ClDevice, program, options) == 0)
            return program;
        Cl.ReleaseProgram(program);
        return 0;
    }

    private static int BuildFor(CLDevice device, nint program, string options)
    {
        nint id = device.DeviceId;
        fixed (byte* text = Encoding.ASCII.GetBytes(options + "\0"))
            return Cl.BuildProgram(program, 1, &id, text, 0, 0);
    }

    private static string Log(CLDevice device, nint program)
    {
        const uint buildLog = 0x1183;
        nuint size;
        Cl.Check(Cl.GetProgramBuildInfo(program, device.DeviceId, buildLog, 0, null, &size), "clGetProgramBuildInfo");
        byte[] text = new byte[size];
        fixed (byte* first = text)
            Cl.Check(Cl.GetProgramBuildInfo(program, device.DeviceId, buildLog, size, first, null), "clGetProgramBuildInfo");
        return Encoding.UTF8.GetString(text).TrimEnd('\0').Trim();
    }

    private static byte[] Binary(nint program)
    {
        const uint binarySizes = 0x1165;
        const uint binaries = 0x1166;
        nuint size;
        Cl.Check(Cl.GetProgramInfo(program, binarySizes, (nuint)sizeof(nuint), &size, null), "clGetProgramInfo");
        byte[] binary = new byte[size];
        fixed (byte* bytes = binary)
        {
            byte* first = bytes;
            Cl.Check(Cl.GetProgramInfo(program, binaries, (nuint)sizeof(nint), &first, null), "clGetProgramInfo");
        }
        return binary;
    }

    // Another process may be writing the same file: each writes its own and renames it. A cache that cannot be written (a read-only home) only costs time.
    private static void Keep(string file, byte[] binary)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            string own = $"{file}.{Environment.ProcessId}";
            File.WriteAllBytes(own, binary);
            File.Move(own, file, overwrite: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
        }
    }
}
