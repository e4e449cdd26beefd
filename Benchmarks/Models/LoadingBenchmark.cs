using System.Runtime.InteropServices;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Benchmarks;

/// <summary>
/// A weight file of 553 MB from the system's cache into a model, beside what any reader needs at least: the same file read into fresh
/// memory by one thread. Keras's h5 has our layout and is copied; of Chainer's npz every kernel and matrix is transposed, and its checksums
/// are verified.
/// </summary>
public static class LoadingBenchmark
{
    private const string FloorKey = "read";

    // A third of a second each: fewer repeats than kernels get.
    private const int Rounds = 3;

    /// <summary>Writes VGG16 with its first values in both containers, then loads and lists both.</summary>
    /// <param name="options">Threads are those of the loader, one a core; there are no peers.</param>
    /// <param name="progress">Gets a line for each piece of work done.</param>
    /// <param name="cancel">Ends the series between loads.</param>
    /// <exception cref="BenchmarkException">No piece of work has the name asked for.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    /// <exception cref="IOException">The temporary folder has no room for 1.1 GB.</exception>
    public static BenchmarkReport Run(BenchmarkOptions options, TextWriter progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        using var run = new BenchmarkRun(options with { Peers = false, Rounds = Math.Min(options.Rounds, Rounds) }, progress, cancel);
        Measure(run, Origin.Keras, "h5");
        Measure(run, Origin.Chainer, "npz");
        return run.Report("loading",
            "ModelLoader.Load of VGG16, and reading its file from the system's cache into fresh memory (one thread, pieces of 1 MiB).");
    }

    private static void Measure(BenchmarkRun run, Origin origin, string ending)
    {
        string load = $"load vgg16 {origin.Text()} .{ending}", list = $"list vgg16 {origin.Text()} .{ending}";
        if (!run.Wants(load) && !run.Wants(list))
            return;
        string path = Path.Combine(run.Folder, $"vgg16.{ending}");
        Model first = new Vgg(16, new ModelOptions { Origin = origin });
        first.To(run.Device);
        first.Save(path);
        Release(first);
        var floor = new LocalContender(FloorKey, () => ReadWhole(path));
        if (run.Wants(load))
            run.Measure($"{load}, {new FileInfo(path).Length / 1e6:F0} MB", "", 0, () => Release(Load(path, run.Device)), [floor]);
        if (run.Wants(list))
            run.Measure(list, "", 0, () => List(path), []);
        File.Delete(path);
    }

    private static Model Load(string path, CpuDevice device) => ModelLoader.Load(path, new LoadOptions { Device = device });

    /// <summary>Gives the memory back to the system, so that the next load pays for fresh pages as a process does.</summary>
    private static void Release(Model model)
    {
        foreach ((_, NativeFree.Autograd.Parameter parameter) in model.NamedParameters())
            parameter.Value.Release();
        (model.Device as CpuDevice)?.Pool.Trim();
    }

    private static void List(string path)
    {
        using ArrayFile file = ArrayFile.Open(path);
        ModelLoader.Recognize(file);
    }

    private static unsafe void ReadWhole(string path)
    {
        const int piece = 1 << 20;
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long length = stream.Length;
        byte* memory = (byte*)NativeMemory.Alloc((nuint)length);
        try
        {
            for (long at = 0; at < length; at += piece)
                stream.ReadExactly(new Span<byte>(memory + at, (int)Math.Min(piece, length - at)));
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }
}
