using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Benchmarks;

/// <summary>Whole training steps: forward, loss, backward, update.</summary>
public static class TrainingBenchmark
{
    private static readonly (string Name, int Batch)[] Steps = [("resnet50", 8), ("unet-resnet50", 4)];

    /// <summary>Times a step of momentum SGD on random pictures and labels beside PyTorch.</summary>
    /// <param name="options">How to run.</param>
    /// <param name="progress">Gets a line for each piece of work done.</param>
    /// <param name="cancel">Ends the series between runs.</param>
    /// <exception cref="BenchmarkException">A loss is not finite, or no piece of work has the name asked for.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static BenchmarkReport Run(BenchmarkOptions options, TextWriter progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        using var run = new BenchmarkRun(options, progress, cancel);
        Measure(run);
        return run.Report("training", "One training step, 224×224 pictures: forward, softmax cross entropy, backward, momentum SGD, all layers trained, batch norms with the batch's statistics. FLOPs counted as three forward passes.");
    }

    internal static void Measure(BenchmarkRun run)
    {
        foreach ((string name, int batch) in Steps.Where(step => run.Wants(Work(step.Name, step.Batch))))
            Measure(run, name, batch);
    }

    private static string Work(string name, int batch) => $"{name} training step batch {batch}";

    private static void Measure(BenchmarkRun run, string name, int batch)
    {
        Model model = ModelZoo.Create(name);
        model.To(run.Device);
        using var scope = new Scope();
        Tensor x = Values.Tensor(run.Device, new Shape(batch, model.InputSize, model.InputSize, 3), 1);
        Shape result = model.OutputShape(x.Shape);
        int[] classes = [.. Enumerable.Range(0, checked((int)(result.Count / result[-1]))).Select(i => i % result[-1])];
        var labels = new Labels(result.Rank == 4 ? new Shape(result[0], result[1], result[2]) : new Shape(result[0]), classes);
        var optimizer = new MomentumSgd(model.NamedParameters().Select(item => item.Parameter), 1e-3);
        float loss = Step(model, optimizer, x, labels);
        if (!float.IsFinite(loss))
            throw new BenchmarkException($"{Work(name, batch)}: a loss is finite; {loss} arrived; run the tests.");
        PeerWork? torch = run.Peers.LoadTorch("training", json =>
        {
            json.WriteString("net", name);
            json.WriteNumber("batch", batch);
        });
        if (ResidentPeak.IsKnown)
        {
            run.Device.Pool.Trim();
            run.Device.Pool.ResetPeak();
            long ours = ResidentPeak.Of(() => Step(model, optimizer, x, labels));
            string peer = torch is null ? "" : $"; PyTorch's process {Megabytes(torch.PeakBytes())} MB";
            run.Note($"{Work(name, batch)}: peak memory of this process {Megabytes(ours)} MB, of which tensors {Megabytes(run.Device.Pool.PeakBytes)} MB{peer}.");
        }
        run.Measure(Work(name, batch), "", 3.0 * model.Flops(x.Shape), () => Step(model, optimizer, x, labels), torch is null ? [] : [torch]);
    }

    private static long Megabytes(long bytes) => (bytes + 500_000) / 1_000_000;

    private static float Step(Model model, Optimizer optimizer, Tensor x, Labels labels)
    {
        using var tape = new Tape();
        Variable loss = F.SoftmaxCrossEntropy(model.Forward(x, ["logits"])["logits"], labels);
        tape.Backward(loss);
        optimizer.Update();
        return loss.Value.Span[0];
    }
}
