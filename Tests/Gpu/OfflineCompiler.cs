using System.Diagnostics;
using System.Text.RegularExpressions;
using NativeFree.Gpu;

namespace NativeFree.Tests.Gpu;

/// <summary>What a kernel takes on a GPU, as clang compiles its OpenCL C.</summary>
/// <param name="Registers">Vector registers (amdgcn).</param>
/// <param name="Spilled">Bytes of scratch (amdgcn) or of .local memory (nvptx) a work-item.</param>
/// <param name="Shared">Bytes of shared memory a group.</param>
/// <param name="Occupancy">Waves that fit into a SIMD unit (amdgcn).</param>
internal sealed record KernelResources(int Registers, int Spilled, int Shared, int Occupancy);

/// <summary>clang 16 with libclc: compiles OpenCL C for real GPUs, without one.</summary>
internal static partial class OfflineCompiler
{
    private const string Library = "/usr/lib/clc";

    public static readonly (string Name, string[] Arguments)[] Targets =
    [
        ("gfx90a", ["-target", "amdgcn-amd-amdhsa", "-mcpu=gfx90a", "-Xclang", "-mlink-builtin-bitcode", "-Xclang", Library + "/amdgcn--amdhsa.bc"]),
        ("gfx1100", ["-target", "amdgcn-amd-amdhsa", "-mcpu=gfx1100", "-Xclang", "-mlink-builtin-bitcode", "-Xclang", Library + "/amdgcn--amdhsa.bc"]),
        ("sm_80", ["-target", "nvptx64-nvidia-cuda", "-Xclang", "-target-cpu", "-Xclang", "sm_80", "-Xclang", "-mlink-builtin-bitcode", "-Xclang", Library + "/nvptx64--nvidiacl.bc"]),
    ];

    /// <summary>Why it cannot be used, or null.</summary>
    public static string? Absence => !File.Exists("/usr/bin/clang-16") ? "clang-16 is not installed" : !Directory.Exists(Library) ? "libclc-16 is not installed" : null;

    public static KernelResources Compile(DeviceKernel kernel, string[] target)
    {
        using TemporaryFolder folder = new();
        string source = Path.Combine(folder.Path, "kernel.cl"), assembly = Path.Combine(folder.Path, "kernel.s");
        File.WriteAllText(source, kernel.Source);
        ProcessStartInfo start = new("/usr/bin/clang-16") { RedirectStandardError = true };
        foreach (string argument in (string[])["-x", "cl", "-cl-std=CL1.2", .. target, "-Xclang", "-finclude-default-header", "-nogpulib", "-O3", "-w", "-S", "-o", assembly, source])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{kernel} for {string.Join(' ', target)}: {errors}");
        string text = File.ReadAllText(assembly);
        return text.Contains(".amdhsa_kernel", StringComparison.Ordinal)
            ? new(Last(Vgprs(), text), Last(Scratch(), text), Last(Lds(), text), Last(Waves(), text))
            : new(0, Sum(LocalBytes(), text), Sum(SharedBytes(), text), 0);
    }

    private static int Last(Regex pattern, string text) => int.Parse(pattern.Matches(text)[^1].Groups[1].Value);

    private static int Sum(Regex pattern, string text) => pattern.Matches(text).Sum(static match => int.Parse(match.Groups[1].Value));

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

/// <summary>A test that needs clang 16 and libclc; without them it is skipped, and says so.</summary>
public sealed class ClangFactAttribute : FactAttribute
{
    public ClangFactAttribute() => Skip = OfflineCompiler.Absence;
}
