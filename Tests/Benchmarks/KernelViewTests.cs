using System.Globalization;
using System.Text.RegularExpressions;
using NativeFree.Benchmarks;
using NativeFree.Gpu;
using NativeFree.Kernels;

namespace NativeFree.Tests.Benchmarks;

/// <summary>The whole of <c>bench kernel NAME --source --resources</c>: on the first driver with clang where both are there, and on the emulator everywhere.</summary>
public sealed partial class KernelViewTests
{
    // A product with every variant, a kernel whose variants have barriers and lanes, one that all devices share.
    private static readonly string[] Names = ["conv 64-64 3x3 @56", "softmax 2048x1000", "max-pooling 3x3/2", "bilinear x2"];

    public static TheoryData<string> Works => [.. Names];

    [DriverAndClangTheory, MemberData(nameof(Works))]
    public void The_whole_view_on_a_driver(string name)
    {
        Assert.NotEqual("emulator", KernelBenchmark.DefaultDevice);
        string output = View(name, KernelBenchmark.DefaultDevice);
        Assert.DoesNotContain("Resources:", output, StringComparison.Ordinal);
    }

    [Theory, InlineData("softmax 2048x1000"), InlineData("max-pooling 3x3/2")]
    public void The_whole_view_on_the_emulator(string name) => View(name, "emulator");

    [Fact]
    public void Kernels_that_are_not_timed_alone_are_shown_and_other_names_refused()
    {
        CommandRun run = CommandRun.Of("bench", "kernel", "OptimizerKernels.Sgd", "--device", "emulator", "--source");
        Assert.Equal(0, run.Code);
        Assert.Contains("kernel __attribute__((reqd_work_group_size(256, 1, 1)))", run.Output, StringComparison.Ordinal);
        Assert.Contains("Not timed: no piece of work", run.Output, StringComparison.Ordinal);
        run = CommandRun.Of("bench", "kernel", "no such thing");
        Assert.Equal(1, run.Code);
        run.AssertOneLine();
    }

    [Fact]
    public void Every_piece_of_work_names_kernels_that_exist()
    {
        Assert.All(GpuWork.All, static work => Assert.All(KernelsOf(work), static name => Assert.Contains(NativeFree.Kernels.KernelCatalog.All, kernel => kernel.Name == name)));
        Assert.Equal(GpuWork.All.Count, GpuWork.All.Select(static work => work.Name).Distinct().Count());
    }

    private static IEnumerable<string> KernelsOf(GpuWork work) => work.Variants.Count == 0 ? work.Kernels(null) : work.Variants.SelectMany(variant => work.Kernels(variant)).Distinct();

    private static string View(string name, string device)
    {
        CommandRun run = CommandRun.Of("bench", "kernel", name, "--device", device, "--source", "--resources", "--rounds", "1");
        Assert.True(run.Code == 0, run.Error);
        string[] lines = run.Output.Split('\n');
        using GpuDevice opened = GpuTimer.Open(device);
        Assert.Matches(Peak(), lines[0]);
        foreach (GpuWork work in GpuWork.All.Where(work => work.Name.Contains(name, StringComparison.Ordinal)))
        {
            Assert.Contains(work.Name, lines);
            foreach (string variant in work.Variants.Count == 0 ? ["the only one"] : work.Variants.Where(variant => GpuTimer.Suits(opened, variant)).Select(static variant => $"{variant}"))
            {
                Match row = Assert.Single(lines.Select(line => Row().Match(line)), match => match.Success && match.Groups["variant"].Value == variant);
                Assert.True(Number(row, "ms") > 0 && Number(row, "rate") > 0, row.Value);
                Assert.InRange(Number(row, "ms"), Number(row, "least"), Number(row, "most"));
            }
            foreach (string kernel in KernelsOf(work))
                Shown(lines, Assert.Single(NativeFree.Kernels.KernelCatalog.All, one => one.Name == kernel));
        }
        return run.Output;
    }

    private static void Shown(string[] lines, DeviceKernel kernel)
    {
        Assert.Contains($"// {kernel.Name}: groups of {kernel.Group.X} x {kernel.Group.Y} x {kernel.Group.Z} work-items.", lines);
        if (OfflineCompiler.Absence is { } absence)
        {
            Assert.Contains($"Resources: {absence}.", lines);
            return;
        }
        string line = Assert.Single(lines, line => line.StartsWith(kernel.Name + "  ", StringComparison.Ordinal));
        if (kernel.Group.Size == 1)
        {
            Assert.EndsWith("for processors: one work-item a group, which no GPU runs", line, StringComparison.Ordinal);
            return;
        }
        // Group, shared, then registers, waves and spills of two GPUs, waves and spills of the third.
        int[] numbers = [.. Digits().Matches(line[kernel.Name.Length..]).Select(static match => int.Parse(match.Value, CultureInfo.InvariantCulture))];
        Assert.Equal(10, numbers.Length);
        KernelResources amd = OfflineCompiler.Resources(kernel, OfflineCompiler.Targets[0]), rdna = OfflineCompiler.Resources(kernel, OfflineCompiler.Targets[1]), ptx = OfflineCompiler.Resources(kernel, OfflineCompiler.Ptx);
        Assert.Equal([kernel.Group.Size, kernel.SharedBytes, amd.Registers, amd.Occupancy, amd.Spilled, rdna.Registers, rdna.Occupancy, rdna.Spilled, ptx.Occupancy, ptx.Spilled], numbers);
        Assert.InRange(ptx.Occupancy, 1, 64);
    }

    private static double Number(Match row, string group) => double.Parse(row.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^.+ \(.+\): measured peak [\d.]+ GFLOP/s, copy [\d.]+ GB/s\. Choices: .+\.$")]
    private static partial Regex Peak();

    [GeneratedRegex(@"^(?<variant>[A-Za-z][\w ]*?) +(?<ms>[\d.]+) \((?<least>[\d.]+)–(?<most>[\d.]+)\) +(?<rate>[\d.]+) +[\d,]+ %  \w")]
    private static partial Regex Row();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    /// <summary>A theory that needs an OpenCL driver and clang 16; without one of them it is skipped, and says which.</summary>
    private sealed class DriverAndClangTheoryAttribute : TheoryAttribute
    {
        public DriverAndClangTheoryAttribute() => Skip = Drivers.Absence ?? OfflineCompiler.Absence;
    }
}
