using System.Globalization;
using System.Text;
using NativeFree.Gpu;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>What to show of kernels.</summary>
/// <param name="Name">Part of the name of a kernel or a piece of work.</param>
/// <param name="Device">Where to run: <c>opencl:N</c>, <c>cuda:N</c> or <c>emulator</c>.</param>
/// <param name="Source">Whether to print the emitted OpenCL C.</param>
/// <param name="Resources">Whether to print registers and occupancy, as clang compiles for three GPU families.</param>
/// <param name="Rounds">Timed slots for each variant; 0 times nothing.</param>
public sealed record KernelQuestion(string Name, string Device, bool Source, bool Resources, int Rounds);

/// <summary>The view of a kernel for those who work on it: its time beside its variants', operations or bytes a second as a share of what the device was measured to reach, its source, what it takes on real GPUs.</summary>
public static class KernelBenchmark
{
    /// <summary>Where kernels run unless a device is named: the first GPU of a driver, else the first CPU behind one, else the emulator.</summary>
    public static string DefaultDevice => Drivers.All.Where(static device => device.Refusal is null).OrderByDescending(static device => device.IsGpu).FirstOrDefault() is { } first
        ? $"{(first.Kind == DeviceKind.Cuda ? "cuda" : "opencl")}:{first.Index}"
        : "emulator";

    /// <summary>Looks the name up among kernels and pieces of work, compares every variant's result with the definition in double precision, times the variants in turn and writes the view.</summary>
    /// <exception cref="BenchmarkException">Nothing has the name; the device runs no GPU kernels; a variant computes something else than the definition; or clang refuses a kernel.</exception>
    /// <exception cref="DeviceException">There is no such device.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static void Run(KernelQuestion question, TextWriter output, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(output);
        GpuWork[] works = [.. GpuWork.All.Where(work => Matches(work, question.Name))];
        DeviceKernel[] kernels =
        [
            .. KernelCatalog.All.Where(kernel => kernel.Name.Contains(question.Name, StringComparison.OrdinalIgnoreCase) || works.Any(work => Names(work).Any(part => kernel.Name.StartsWith(part, StringComparison.Ordinal)))),
        ];
        if (works.Length + kernels.Length == 0)
            throw new BenchmarkException($"bench kernel: NAME is part of the name of a kernel or a piece of work; '{question.Name}' is in none of: {string.Join("; ", GpuWork.All.Select(static work => work.Name))}; nor in {KernelCatalog.All.Count} kernels (Kernels/Generated).");
        if (question.Rounds > 0 && works.Length > 0)
            Time(works, question, output, cancel);
        else
            output.WriteLine(works.Length == 0 ? "Not timed: no piece of work runs these kernels alone; bench kernel times: " + string.Join("; ", GpuWork.All.Select(static work => work.Name)) + "." : "Not timed.");
        if (question.Resources)
            Resources(kernels, output, cancel);
        if (question.Source)
        {
            foreach (DeviceKernel kernel in kernels)
                output.WriteLine($"\n{kernel.Source}");
        }
    }

    private static bool Matches(GpuWork work, string name) => work.Name.Contains(name, StringComparison.OrdinalIgnoreCase) || Names(work).Any(part => part.Contains(name, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Names(GpuWork work) => work.Variants.Count == 0 ? work.Kernels(null) : work.Variants.SelectMany(variant => work.Kernels(variant));

    /// <summary>Checks and times the variants of each piece of work and writes a table of them.</summary>
    /// <exception cref="BenchmarkException">The device runs no GPU kernels, or a variant computes something else than the definition; no row of its table is written then.</exception>
    internal static void Time(GpuWork[] works, KernelQuestion question, TextWriter output, CancellationToken cancel = default)
    {
        using GpuDevice device = GpuTimer.Open(question.Device);
        GpuPeak peak = GpuPeak.Measure(device);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{device.Name} ({question.Device}): measured peak {peak.Gflops:F1} GFLOP/s, copy {peak.Gigabytes:F1} GB/s. Choices: {device.Choices.Origin}."));
        foreach (GpuWork work in works)
        {
            cancel.ThrowIfCancellationRequested();
            if (device.Kind == DeviceKind.Emulator && Math.Max(work.Flops, work.Bytes) > 1e9)
            {
                output.WriteLine($"\n{work.Name}: too long for the emulator; on it, see bench gpu.");
                continue;
            }
            using var scope = new Scope();
            KernelVariant?[] variants = work.Variants.Count == 0 ? [null] : [.. work.Variants.Where(variant => GpuTimer.Suits(device, variant)).Select(static variant => (KernelVariant?)variant)];
            device.Choices.Only = null;
            Timing[] timings = Interleaved.Measure([.. variants.Select(variant => GpuTimer.Contender(device, work, variant))], question.Rounds, cancel);
            device.Choices.Only = null;
            bool counts = work.Flops > 0;
            output.WriteLine($"\n{work.Name}\n{"variant",-12} {"ms, median (min–max)",26} {(counts ? "GFLOP/s" : "GB/s"),9} {"of peak",8}  kernels");
            for (int i = 0; i < variants.Length; i++)
            {
                double rate = (counts ? work.Flops : work.Bytes) / timings[i].Median * 1e-6;
                string time = string.Create(CultureInfo.InvariantCulture, $"{timings[i].Median:F3} ({timings[i].Min:F3}–{timings[i].Max:F3})");
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{variants[i]?.ToString() ?? "the only one",-12} {time,26} {rate,9:F2} {rate / (counts ? peak.Gflops : peak.Gigabytes),8:P0}  {string.Join(", ", work.Kernels(variants[i]))}"));
            }
        }
    }

    private static void Resources(DeviceKernel[] kernels, TextWriter output, CancellationToken cancel)
    {
        if (OfflineCompiler.Absence is { } absence)
        {
            output.WriteLine($"\nResources: {absence}.");
            return;
        }
        int width = kernels.Max(static kernel => kernel.Name.Length);
        // Names of machines above, their columns below: registers, waves and bytes spilled on AMD's, waves and bytes on NVIDIA's, whose PTX has no registers yet.
        output.WriteLine($"\n{new string(' ', width)}                 {string.Join("  ", OfflineCompiler.Targets.Select(static target => Title(target)))}");
        output.WriteLine($"{"kernel".PadRight(width)}  group  shared  {string.Join("  ", OfflineCompiler.Targets.Select(static target => target == OfflineCompiler.Ptx ? " waves  spill" : " VGPR  waves  spill"))}");
        foreach (DeviceKernel kernel in kernels)
        {
            cancel.ThrowIfCancellationRequested();
            var line = new StringBuilder($"{kernel.Name.PadRight(width)}  {kernel.Group.Size,5}  {kernel.SharedBytes,6}");
            if (kernel.Group.Size == 1)
                line.Append("  for processors: one work-item a group, which no GPU runs");
            foreach (OfflineTarget target in kernel.Group.Size == 1 ? [] : OfflineCompiler.Targets)
            {
                KernelResources found = OfflineCompiler.Resources(kernel, target);
                line.Append(target == OfflineCompiler.Ptx ? $"   {$"≤ {found.Occupancy}",5}  {found.Spilled,5}" : $"  {found.Registers,5}  {found.Occupancy,5}  {found.Spilled,5}");
            }
            output.WriteLine(line.ToString());
        }
        output.WriteLine("shared: bytes a group; waves: of 64 work-items (gfx90a) or 32 (gfx1100) that fit into a SIMD unit, of 32 (sm_80) into a multiprocessor; spill: bytes a work-item.");
        output.WriteLine("PTX has no register count, so that of sm_80 stands open and its waves are what threads and shared memory allow: 'nativefree bench ptx DIR' writes PTX for ptxas.");
    }

    private static string Title(OfflineTarget target) => target == OfflineCompiler.Ptx ? target.Name.PadLeft(13) : target.Name.PadLeft(19);
}
