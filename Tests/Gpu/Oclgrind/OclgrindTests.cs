using System.Diagnostics;
using NativeFree.Gpu;
using NativeFree.Kernels;
using Xunit.Abstractions;

namespace NativeFree.Tests.Gpu;

/// <summary>
/// Every kernel once at odd sizes under Oclgrind, which interprets the emitted OpenCL C: no data race, no access outside a buffer, no use of a private value that nobody wrote (shared memory counts as written there; the emulator watches it), no barrier that part of a group misses. The arguments are those
/// that the bundled operator cases and <see cref="OddCalls"/> gave the emulator; the simulator runs as a program of its own beside the test.
/// </summary>
public sealed class OclgrindTests(ITestOutputHelper output)
{
    private const string Program = "/usr/bin/oclgrind-kernel";

    [OclgrindFact]
    public void No_kernel_is_at_fault()
    {
        Dictionary<string, RecordedLaunch> launches = Record();
        string[] missed = [.. NativeFree.Kernels.KernelCatalog.All.Select(static kernel => kernel.Name).Where(name => !launches.ContainsKey(name))];
        Assert.True(missed.Length == 0, $"every kernel is launched once; {string.Join(", ", missed)} is not; add a call to OddCalls");
        string?[] faults = new string?[launches.Count];
        RecordedLaunch[] all = [.. launches.Values.OrderByDescending(static launch => launch.Groups * launch.Kernel.Group.Size)];
        TimeSpan[] took = new TimeSpan[all.Length];
        Parallel.For(0, all.Length, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i =>
        {
            long start = Stopwatch.GetTimestamp();
            faults[i] = Simulate(all[i].Kernel, all[i].Simulation);
            took[i] = Stopwatch.GetElapsedTime(start);
        });
        for (int i = 0; i < all.Length; i++)
            output.WriteLine($"{all[i].Kernel}: {all[i].Groups} groups of {all[i].Kernel.Group.Size}, {all[i].Words} words, {took[i].TotalSeconds:f1} s");
        Assert.True(faults.All(static fault => fault is null), string.Join("\n", faults.Where(static fault => fault is not null)));
    }

    [OclgrindTheory]
    [InlineData("kernel void Bad(global int* y, long f) { y[get_local_id(0) / 2] = get_local_id(0); }", "Write-write data race")]
    [InlineData("kernel void Bad(global int* y, long f) { y[get_local_id(0) + 1] = 1; }", "Invalid write of size 4")]
    [InlineData("kernel void Bad(global int* y, long f) { int t[8]; for (int i = 1; i < 8; i++) t[i] = y[i]; y[get_local_id(0)] = t[get_local_id(0)]; }", "Uninitialized")]
    [InlineData("kernel void Bad(global int* y, long f) { if (get_local_id(0) < 3) barrier(CLK_LOCAL_MEM_FENCE); y[get_local_id(0)] = 1; }", "divergence")]
    public void A_kernel_at_fault_is_caught(string source, string complaint)
    {
        DeviceKernel kernel = new("Test.Bad", "Bad", (8, 1, 1), 0, 0, [], source);
        Assert.Contains(complaint, Simulate(kernel, static program => $"{program}\nBad\n8 1 1\n8 1 1\n<size=32 int fill=0>\n<size=8 long> 0\n"), StringComparison.OrdinalIgnoreCase);
    }

    private static Dictionary<string, RecordedLaunch> Record()
    {
        RecordingAccelerator recorder = new();
        using GpuDevice device = new(recorder);
        string folder = Path.Combine(AppContext.BaseDirectory, "Goldens", "ops");
        foreach (string file in Directory.EnumerateFiles(folder, "*.npz").Order(StringComparer.Ordinal))
            Assert.True(OperatorCaseFile.Load(file).Run(device).Passed, file);
        OddCalls.Run(device);
        return recorder.Launches;
    }

    /// <summary>What Oclgrind complains of, or null.</summary>
    private static string? Simulate(DeviceKernel kernel, Func<string, string> simulation)
    {
        using TemporaryFolder folder = new();
        string program = Path.Combine(folder.Path, "kernel.cl"), file = Path.Combine(folder.Path, "kernel.sim");
        File.WriteAllText(program, kernel.Source);
        File.WriteAllText(file, simulation(program));
        ProcessStartInfo start = new(Program) { RedirectStandardError = true, RedirectStandardOutput = true };
        // Unoptimised: every access of the source is there, and none of LLVM's newer instructions that Oclgrind does not know.
        foreach (string argument in (string[])["--data-races", "--uniform-writes", "--uninitialized", "--max-errors", "3", "--num-threads", "1", "--build-options", "-cl-opt-disable", file])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return process.ExitCode == 0 && said.Trim().Length == 0 ? null : $"{kernel}, exit code {process.ExitCode}: {said.Trim()}";
    }

    /// <summary>A test that needs Oclgrind; without it, it is skipped, and says so.</summary>
    private sealed class OclgrindFactAttribute : FactAttribute
    {
        public OclgrindFactAttribute() => Skip = File.Exists(Program) ? null : "oclgrind is not installed";
    }

    private sealed class OclgrindTheoryAttribute : TheoryAttribute
    {
        public OclgrindTheoryAttribute() => Skip = File.Exists(Program) ? null : "oclgrind is not installed";
    }
}
