using System.Diagnostics;
using System.Text.RegularExpressions;
using NativeFree.Gpu;

namespace NativeFree.Benchmarks;

/// <summary>clang 16 with libclc: compiles the kernels' OpenCL C for real GPUs, without one.</summary>
internal static partial class OfflineCompiler
{
    private const string Program = "/usr/bin/clang-16";
    private const string Library = "/usr/lib/clc";

    /// <summary>AMD's MI200 and RX 7900, NVIDIA's A100.</summary>
    public static IReadOnlyList<OfflineTarget> Targets { get; } = [Amd("gfx90a"), Amd("gfx1100"), Nvidia("sm_80")];

    /// <summary>The NVIDIA one: what it compiles to is PTX.</summary>
    public static OfflineTarget Ptx => Targets[2];

    /// <summary>Why it cannot be used, or null.</summary>
    public static string? Absence => !File.Exists(Program) ? "clang-16 is not installed" : !Directory.Exists(Library) ? "libclc-16 is not installed" : null;

    /// <summary>A file name for a kernel: <c>ProductKernels.Tiled-PlainProduct</c>.</summary>
    public static string FileName(DeviceKernel kernel) =>
        string.Concat(kernel.Name.Select(static letter => letter switch { '<' or ' ' => "-", '>' or ',' => "", _ => letter.ToString() }));

    /// <summary>The assembly, PTX for NVIDIA.</summary>
    /// <exception cref="BenchmarkException">clang is missing or refuses the kernel; the message carries its words.</exception>
    public static string Assembly(DeviceKernel kernel, OfflineTarget target)
    {
        if (Absence is { } absence)
            throw new BenchmarkException($"OfflineCompiler: clang 16 and libclc 16 are needed; {absence}; install clang-16 and libclc-16.");
        string folder = Directory.CreateTempSubdirectory("nativefree").FullName;
        try
        {
            string source = Path.Combine(folder, "kernel.cl"), assembly = Path.Combine(folder, "kernel.s");
            File.WriteAllText(source, kernel.Source);
            ProcessStartInfo start = new(Program) { RedirectStandardError = true };
            foreach (string argument in (string[])["-x", "cl", "-cl-std=CL1.2", .. target.Arguments, "-Xclang", "-finclude-default-header", "-nogpulib", "-O3", "-w", "-S", "-o", assembly, source])
                start.ArgumentList.Add(argument);
            using Process process = Process.Start(start)!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? File.ReadAllText(assembly) : throw new BenchmarkException($"{kernel}: clang compiles it for {target.Name}; it said: {errors.Trim()}");
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    /// <summary>What the kernel takes on the target.</summary>
    /// <exception cref="BenchmarkException">clang is missing or refuses the kernel.</exception>
    public static KernelResources Resources(DeviceKernel kernel, OfflineTarget target)
    {
        string text = Assembly(kernel, target);
        return target == Ptx
            ? new(0, Sum(LocalBytes(), text), Sum(SharedBytes(), text), WarpsAtMost(kernel.Group.Size, Sum(SharedBytes(), text)))
            : new(Last(Vgprs(), text), Last(Scratch(), text), Last(Lds(), text), Last(Waves(), text));
    }

    // Of a multiprocessor of compute capability 8.0: 64 warps, 32 groups, 164 KiB of shared memory of which each group takes 1 KiB more than it asks for (CUDA C++ Programming Guide, table of technical specifications).
    private static int WarpsAtMost(int groupSize, int sharedBytes) => Math.Min(64, Math.Min(32, 164 * 1024 / (sharedBytes + 1024)) * ((groupSize + 31) / 32));

    private static OfflineTarget Amd(string name) => new(name, ["-target", "amdgcn-amd-amdhsa", $"-mcpu={name}", .. Linked("amdgcn--amdhsa.bc")]);

    private static OfflineTarget Nvidia(string name) => new(name, ["-target", "nvptx64-nvidia-cuda", "-Xclang", "-target-cpu", "-Xclang", name, .. Linked("nvptx64--nvidiacl.bc")]);

    private static string[] Linked(string library) => ["-Xclang", "-mlink-builtin-bitcode", "-Xclang", $"{Library}/{library}"];

    private static int Last(Regex pattern, string text) => int.Parse(pattern.Matches(text)[^1].Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static int Sum(Regex pattern, string text) => pattern.Matches(text).Sum(static match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));

    [GeneratedRegex(@"; NumVgprs: (\d+)")]
    private static partial Regex Vgprs();

    [GeneratedRegex(@"; ScratchSize: (\d+)")]
    private static partial Regex Scratch();

    [GeneratedRegex(@"; LDSByteSize: (\d+)")]
    private static partial Regex Lds();

    [GeneratedRegex(@"; Occupancy: (\d+)")]
    private static partial Regex Waves();

    [GeneratedRegex(@"\.local \.align \d+ \.b8\s+\S+\[(\d+)\]")]
    private static partial Regex LocalBytes();

    [GeneratedRegex(@"\.shared \.align \d+ \.b8\s+\S+\[(\d+)\]")]
    private static partial Regex SharedBytes();
}
