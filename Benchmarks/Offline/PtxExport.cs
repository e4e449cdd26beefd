using NativeFree.Gpu;
using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>Every kernel's PTX as a file, for <c>ptxas</c> on a machine that has it. The register counts that matter on NVIDIA's GPUs come from there.</summary>
internal static class PtxExport
{
    /// <summary>Writes <c>Class.Method.ptx</c> for every kernel whose name contains <paramref name="only"/>.</summary>
    /// <returns>The files' names.</returns>
    /// <exception cref="BenchmarkException">clang is missing or refuses a kernel, or no kernel has such a name.</exception>
    public static IReadOnlyList<string> Write(string folder, string? only, CancellationToken cancellation)
    {
        DeviceKernel[] kernels = [.. KernelCatalog.All.Where(kernel => only is null || kernel.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        if (kernels.Length == 0)
            throw new BenchmarkException($"bench ptx: --only names a part of a kernel's name; none of {KernelCatalog.All.Count} contains '{only}'.");
        Directory.CreateDirectory(folder);
        List<string> files = [];
        foreach (DeviceKernel kernel in kernels)
        {
            cancellation.ThrowIfCancellationRequested();
            string file = OfflineCompiler.FileName(kernel) + ".ptx";
            File.WriteAllText(Path.Combine(folder, file), WithGroup(kernel, OfflineCompiler.Assembly(kernel, OfflineCompiler.Ptx)));
            files.Add(file);
        }
        return files;
    }

    // clang drops the group's size, which tells ptxas how many registers a work-item may have.
    private static string WithGroup(DeviceKernel kernel, string text)
    {
        int entry = text.IndexOf($".entry {kernel.EntryPoint}(", StringComparison.Ordinal), body = entry < 0 ? -1 : text.IndexOf("\n{", entry, StringComparison.Ordinal);
        return body < 0
            ? throw new BenchmarkException($"{kernel}: its PTX has an entry {kernel.EntryPoint}; there is none; clang 16 is expected.")
            : text.Insert(body, $"\n.reqntid {kernel.Group.X}, {kernel.Group.Y}, {kernel.Group.Z}");
    }
}
