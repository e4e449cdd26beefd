using System.Runtime.CompilerServices;
using System.Text;
using NativeFree.Benchmarks;
using NativeFree.Gpu;

namespace NativeFree.Tests.Gpu;

/// <summary>The table in docs/kernel-resources.md is what clang says; NATIVEFREE_UPDATE_SNAPSHOTS=1 writes it.</summary>
public sealed class KernelResourceTests
{
    private static readonly string Page = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "docs", "kernel-resources.md");

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [ClangFact]
    public void The_table_is_true_and_products_keep_their_sums_in_registers()
    {
        // Groups of one work-item are for drivers of processors; a GPU never runs them.
        IReadOnlyList<DeviceKernel> kernels = [.. NativeFree.Kernels.KernelCatalog.All.Where(static kernel => kernel.Group.Size > 1)];
        KernelResources[][] found = new KernelResources[kernels.Count][];
        Parallel.For(0, kernels.Count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, i => found[i] = [.. OfflineCompiler.Targets.Select(target => OfflineCompiler.Resources(kernels[i], target))]);
        for (int i = 0; i < kernels.Count; i++)
            Assert.True(found[i].All(static resources => resources.Spilled == 0), $"{kernels[i]} spills: {string.Join(", ", (object[])found[i])}");
        string table = Table(kernels, found);
        if (Environment.GetEnvironmentVariable("NATIVEFREE_UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(Page, table);
        Assert.Equal(File.ReadAllText(Page), table);
    }

    [ClangFact]
    public void The_PTX_of_a_kernel_is_written_out()
    {
        using TemporaryFolder folder = new();
        CommandRun run = CommandRun.Of("bench", "ptx", Path.Combine(folder.Path, "new"), "--only", "kernels.sgd");
        Assert.Equal(0, run.Code);
        string file = Assert.Single(Directory.GetFiles(Path.Combine(folder.Path, "new")));
        Assert.Equal("OptimizerKernels.Sgd.ptx", Path.GetFileName(file));
        string text = File.ReadAllText(file);
        Assert.Contains(".target sm_80", text, StringComparison.Ordinal);
        Assert.Contains(".entry Sgd(", text, StringComparison.Ordinal);
        Assert.Contains("\n.reqntid 256, 1, 1\n{", text, StringComparison.Ordinal);
        run = CommandRun.Of("bench", "ptx", folder.Path, "--only", "no such kernel");
        Assert.Equal(1, run.Code);
        run.AssertOneLine();
    }

    private static string Table(IReadOnlyList<DeviceKernel> kernels, KernelResources[][] found)
    {
        StringBuilder text = new();
        text.Append("""
            # What the kernels take on a GPU

            The OpenCL C of every kernel, compiled by clang 16 with libclc at -O3 for two AMD GPUs (gfx90a: MI200; gfx1100: RX 7900) and, as PTX, for an NVIDIA one (sm_80: A100).
            VGPR: vector registers a work-item. Waves: how many groups of 64 (gfx90a) or 32 (gfx1100) work-items fit into a SIMD unit. Spill: bytes of scratch, or of .local memory, a work-item. PTX has
            virtual registers, so there is no count. A test keeps this page true, and no kernel may spill. Kernels with one work-item a group are for processors and left out. Nothing here was run on a GPU.

            | kernel | shared bytes | gfx90a VGPR | waves | spill | gfx1100 VGPR | waves | spill | sm_80 spill |
            |---|---|---|---|---|---|---|---|---|

            """);
        for (int i = 0; i < kernels.Count; i++)
        {
            KernelResources[] r = found[i];
            text.Append($"| {kernels[i].Name} | {kernels[i].SharedBytes} | {r[0].Registers} | {r[0].Occupancy} | {r[0].Spilled} | {r[1].Registers} | {r[1].Occupancy} | {r[1].Spilled} | {r[2].Spilled} |\n");
        }
        return text.ToString();
    }
}
