using System.Runtime.CompilerServices;
using NativeFree.Gpu;

namespace NativeFree.Tests.Gpu;

/// <summary>
/// The OpenCL C of every kernel is committed under Kernels/Generated, so that a change of a kernel or of the compiler shows what it does to the code. With
/// NATIVEFREE_UPDATE_SNAPSHOTS=1 the test writes the files instead.
/// </summary>
public sealed class SnapshotTests
{
    private static readonly string Folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "Kernels", "Generated");

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static string FileFor(DeviceKernel kernel) => NativeFree.Benchmarks.OfflineCompiler.FileName(kernel) + ".cl";

    [Fact]
    public void Every_kernel_is_what_its_snapshot_says()
    {
        if (Environment.GetEnvironmentVariable("NATIVEFREE_UPDATE_SNAPSHOTS") == "1")
            Write();
        IReadOnlyList<DeviceKernel> kernels = NativeFree.Kernels.KernelCatalog.All;
        Assert.NotEmpty(kernels);
        Assert.All(kernels, static kernel => Assert.Equal(File.ReadAllText(Path.Combine(Folder, FileFor(kernel))), kernel.Source + "\n"));
        Assert.Equal(kernels.Select(FileFor).Order(StringComparer.Ordinal), Directory.GetFiles(Folder, "*.cl").Select(static path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    private static void Write()
    {
        Directory.CreateDirectory(Folder);
        foreach (string old in Directory.GetFiles(Folder, "*.cl"))
            File.Delete(old);
        foreach (DeviceKernel kernel in NativeFree.Kernels.KernelCatalog.All)
            File.WriteAllText(Path.Combine(Folder, FileFor(kernel)), kernel.Source + "\n");
    }
}
