using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Benchmarks;

/// <summary>Whole networks from prepared pictures to the last dense layer.</summary>
public static class ModelsBenchmark
{
    private static readonly string[] Names = ["resnet50", "vgg16", "googlenet"];
    private static readonly int[] Batches = [1, 8];

    // Before the softmax: with random weights that saturates, and a comparison of zeros and ones would prove nothing.
    private const string Layer = "logits";

    /// <summary>Times inference plans beside our eager path, ONNX Runtime and PyTorch, at batch 1 and 8.</summary>
    /// <param name="options">How to run.</param>
    /// <param name="progress">Gets a line for each piece of work done.</param>
    /// <param name="cancel">Ends the series between runs.</param>
    /// <exception cref="BenchmarkException">Plan, eager path and ONNX Runtime disagree, or no piece of work has the name asked for.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static BenchmarkReport Run(BenchmarkOptions options, TextWriter progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        using var run = new BenchmarkRun(options, progress, cancel);
        Measure(run);
        return run.Report("models", "Whole networks, 224×224 pictures, from prepared input to the logits, random weights. Ours is a compiled plan; 'our eager' computes the same without one. ONNX Runtime loads the same weights from a model with separate batch norms, which it folds by itself; PyTorch runs in eager mode, contiguous or channels last, whichever is faster.");
    }

    internal static void Measure(BenchmarkRun run)
    {
        foreach (string name in Names.Where(name => Batches.Any(batch => run.Wants(Work(name, batch)))))
        {
            Model model = ModelZoo.Create(name);
            model.To(run.Device);
            foreach (int batch in Batches.Where(batch => run.Wants(Work(name, batch))))
                Measure(run, model, batch);
        }
    }

    private static string Work(string name, int batch) => $"{name} batch {batch}";

    private static void Measure(BenchmarkRun run, Model model, int batch)
    {
        string work = Work(model.Name, batch);
        using var scope = new Scope();
        Tensor x = Values.Tensor(run.Device, new Shape(batch, model.InputSize, model.InputSize, 3), 1);
        float[] eager = model.Extract(x, [Layer])[Layer].ToArray();
        InferencePlan plan = model.Compile(x.Shape, [Layer]);
        float[] compiled = plan.Run(x)[Layer].ToArray();
        Agreement.Check("our eager path", compiled, eager, work);

        var others = new List<IContender> { new LocalContender("eager", () => InScope(() => model.Extract(x, [Layer]))) };
        if (LoadOnnx(run, model, x) is { } onnx)
        {
            others.Add(onnx);
            Agreement.Check(onnx, run, compiled, work);
        }
        if (run.Peers.LoadTorch("network", json =>
        {
            json.WriteString("net", model.Name);
            json.WriteNumber("batch", batch);
        }) is { } torch)
        {
            others.Add(torch);
        }
        run.Measure(work, "plan", model.Flops(x.Shape), () => InScope(() => plan.Run(x, run.Cancel)), others);
    }

    // What a call hands out goes back to the pool, as in a server that answers one request after the other.
    private static void InScope(Func<object> call)
    {
        using var scope = new Scope();
        call();
    }

    private static PeerWork? LoadOnnx(BenchmarkRun run, Model model, Tensor x)
    {
        if (!run.Peers.HasOnnxRuntime)
            return null;
        string path = Path.Combine(run.Folder, "model.onnx");
        OnnxExport.Save(model, model.Find(Layer), x.Shape, path);
        PeerWork? work = run.Peers.LoadOnnx(path, [("x", OnnxExport.Axes(x.Shape), Values.Save(run.Folder, "x", x.ToNchw()))], [x.Shape[0], model.Classes]);
        // VGG16's file has half a gigabyte, and whoever loaded it has its own copy by now.
        File.Delete(path);
        return work;
    }
}
