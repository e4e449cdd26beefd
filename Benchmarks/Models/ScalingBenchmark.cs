using System.Globalization;
using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Benchmarks;

/// <summary>The same work on one thread and on all: what the threads are worth.</summary>
public static class ScalingBenchmark
{
    private const string OneKey = "one-thread", Logits = "logits";
    private static readonly (string Name, int Batch)[] Networks = [("resnet50", 1), ("resnet50", 8), ("vgg16", 1), ("googlenet", 1)];

    /// <summary>Times a product, two convolutions and networks on one thread and on all, in turn.</summary>
    /// <param name="options">How to run; there are no peers.</param>
    /// <param name="progress">Gets a line for each piece of work done.</param>
    /// <param name="cancel">Ends the series between runs.</param>
    /// <exception cref="BenchmarkException">There is one thread only, or no piece of work has the name asked for.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static BenchmarkReport Run(BenchmarkOptions options, TextWriter progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        using var run = new BenchmarkRun(options with { Peers = false }, progress, cancel);
        var one = new CpuDevice(1);
        if (run.Device.Threads == 1)
            throw new BenchmarkException("bench scaling: at least two threads are compared with one; the machine or --threads gives 1; ask for more.");
        double peakOne = FmaPeak.Measure(one), peakAll = FmaPeak.Measure(run.Device);
        run.Note(string.Create(CultureInfo.InvariantCulture, $"FMA peak: {peakOne:F0} GFLOP/s on 1 thread, {peakAll:F0} on {run.Device.Threads}: {peakAll / peakOne:F2}×, which is what the machine itself gives."));
        Product(run, one, 1024);
        foreach (ConvolutionLayer layer in ConvolutionLayer.Vgg16.Where(layer => layer is { Channels: 64, Filters: 64 } or { Channels: 256, Filters: 256 }))
            Convolution(run, one, layer);
        foreach ((string name, int batch) in Networks.Where(network => run.Wants($"{network.Name} batch {network.Batch}")))
            Network(run, one, name, batch);
        return run.Report("scaling", $"'ours' runs on {run.Device.Threads} threads, beside it the same on one; in turn, as everywhere. The notes have the quotients of the medians.");
    }

    private static void Product(BenchmarkRun run, CpuDevice one, int n)
    {
        string work = $"gemm {n}x{n}x{n}";
        if (!run.Wants(work))
            return;
        using var scope = new Scope();
        Measure(run, one, work, 2.0 * n * n * n, device =>
        {
            Tensor a = Values.Tensor(device, new Shape(n, n), 1), b = Values.Tensor(device, new Shape(n, n), 2), y = new(device, new Shape(n, n));
            return () => device.MatrixMultiply.Multiply(a, false, b, false, y, Epilogue.None);
        });
    }

    private static void Convolution(BenchmarkRun run, CpuDevice one, ConvolutionLayer layer)
    {
        if (!run.Wants(layer.Name))
            return;
        using var scope = new Scope();
        ConvolutionGeometry g = layer.Geometry(1);
        Measure(run, one, layer.Name, g.Flops, device =>
        {
            Tensor x = Values.Tensor(device, g.InShape, 1), y = new(device, g.OutShape);
            PreparedConvolution prepared = device.Convolution.Prepare(g, Values.Tensor(device, g.FilterShape, 2), null, true, false, g.OutChannels);
            return () => prepared.Run(x, y, 0, null);
        });
    }

    private static void Network(BenchmarkRun run, CpuDevice one, string name, int batch)
    {
        Model model = ModelZoo.Create(name);
        var shape = new Shape(batch, model.InputSize, model.InputSize, 3);
        using var scope = new Scope();
        Measure(run, one, $"{name} batch {batch}", model.Flops(shape), device =>
        {
            model.To(device);
            Tensor x = Values.Tensor(device, shape, 1);
            InferencePlan plan = model.Compile(shape, [Logits]);
            return () =>
            {
                using var inner = new Scope();
                plan.Run(x, run.Cancel);
            };
        });
    }

    private static void Measure(BenchmarkRun run, CpuDevice one, string work, double flops, Func<CpuDevice, Action> prepare)
    {
        Action all = prepare(run.Device), alone = prepare(one);
        run.Measure(work, "", flops, all, [new LocalContender(OneKey, alone)]);
        BenchmarkRow row = run.Rows[^1];
        run.Note(string.Create(CultureInfo.InvariantCulture, $"{work}: {row.Peers[OneKey].Median / row.Ours.Median:F2}× on {run.Device.Threads} threads (fastest runs: {row.Peers[OneKey].Min / row.Ours.Min:F2}×)."));
    }
}
