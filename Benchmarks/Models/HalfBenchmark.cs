using System.Globalization;
using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Benchmarks;

/// <summary>Plans with half-size weights beside plans with float32 weights: time, memory, and what rounding the weights does to the answers.</summary>
public static class HalfBenchmark
{
    private const string SingleKey = "single", Logits = "logits";
    private const int Answers = 5;
    private static readonly string[] Names = ["resnet50", "vgg16", "unet-resnet50"];

    /// <summary>Measures networks at batch 1.</summary>
    /// <param name="loaded">A network with real weights, or null for three with random ones.</param>
    /// <param name="pictures">What the answers are compared on; each also mirrored.</param>
    /// <param name="options">How to run; there are no peers.</param>
    /// <param name="progress">Gets a line for each piece of work done.</param>
    /// <param name="cancel">Ends the series between runs.</param>
    /// <exception cref="BenchmarkException">No piece of work has the name asked for.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> was signalled.</exception>
    public static BenchmarkReport Run(Model? loaded, IReadOnlyList<Image> pictures, BenchmarkOptions options, TextWriter progress, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(progress);
        using var run = new BenchmarkRun(options with { Peers = false }, progress, cancel);
        string weights = loaded is null ? "random weights" : "the file's weights";
        foreach (string name in loaded is null ? Names : [loaded.Name])
        {
            if (run.Wants(Work(name)))
                Measure(run, loaded ?? ModelZoo.Create(name), pictures);
        }
        return run.Report("half", $"Networks at batch 1, {weights}, compiled with half-size weights ('ours') and with float32 weights. Winograd's transformed filters are float32 in both. Differences are those of the last scores before the softmax.");
    }

    private static string Work(string name) => $"{name} batch 1, half-size weights";

    private static void Measure(BenchmarkRun run, Model model, IReadOnlyList<Image> pictures)
    {
        model.To(run.Device);
        string layer = model.AvailableLayers.Contains(Logits) ? Logits : model.DefaultLayers[0];
        using var scope = new Scope();
        var shape = new Shape(1, model.InputSize, model.InputSize, 3);
        InferencePlan single = model.Compile(shape, [layer]), half = model.Compile(shape, [layer], WeightFormat.Half);
        Tensor[] sample = [.. pictures.SelectMany(picture => (Image[])[picture, picture.FlipHorizontal()]).Select(picture => model.Prepare(picture))];
        double difference = 0;
        int rows = 0, firsts = 0, sets = 0;
        foreach (Tensor x in sample)
        {
            run.Cancel.ThrowIfCancellationRequested();
            using var inner = new Scope();
            float[] a = single.Run(x)[layer].ToArray(), b = half.Run(x)[layer].ToArray();
            double largest = a.Max(Math.Abs);
            difference = Math.Max(difference, a.Zip(b, (p, q) => Math.Abs((double)p - q)).Max() / largest);
            int classes = model.Classes > 0 && a.Length % model.Classes == 0 ? model.Classes : a.Length;
            for (int row = 0; row < a.Length; row += classes, rows++)
            {
                int[] before = Top(a, row, classes), after = Top(b, row, classes);
                firsts += before[0] == after[0] ? 0 : 1;
                sets += before.Order().SequenceEqual(after.Order()) ? 0 : 1;
            }
        }
        run.Measure(Work(model.Name), "plan", model.Flops(shape), () => InScope(half, sample[0]), [new LocalContender(SingleKey, () => InScope(single, sample[0]))]);
        string of = model.LabelsPixels ? "pixels" : "pictures";
        run.Note(string.Create(CultureInfo.InvariantCulture,
            $"{model.Name}: weights in the plan {half.WeightBytes / 1e6:F1} MB instead of {single.WeightBytes / 1e6:F1} MB; largest difference of the scores {difference:E1} of the largest score; first class changed in {firsts} of {rows} {of}, the best {Answers} changed in {sets} ({sample.Length} pictures)."));
    }

    private static int[] Top(float[] values, int first, int count) => [.. Enumerable.Range(first, count).OrderByDescending(i => values[i]).Take(Answers)];

    private static void InScope(InferencePlan plan, Tensor x)
    {
        using var scope = new Scope();
        plan.Run(x);
    }
}
