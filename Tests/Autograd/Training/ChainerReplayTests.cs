using System.Text.Json;
using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;
using Xunit.Abstractions;

namespace NativeFree.Tests.Operators;

/// <summary>
/// Chainer's own fine-tuning steps repeated: VGG16 with a new head, frozen or slowed, GoogLeNet with three heads, ResNet50 with batch statistics. Tolerances are those of the goldens' README.chainer.md, section 3; where it measures that Chainer
/// drifts from itself, only what it recommends is compared.
/// </summary>
[Collection("whole networks")]
public sealed class ChainerReplayTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files => TrainingReference.Files("chainer", item => item.Entry.GetProperty("weights").GetArrayLength() > 0);

    [GoldenTheory("training/index.json")]
    [MemberData(nameof(Files))]
    public void Steps_follow_chainer(string file) => Follow(file, CpuDevice.Default, output);

    /// <summary>The steps on any device.</summary>
    internal static void Follow(string file, Device device, ITestOutputHelper output)
    {
        using var run = new ChainerRun(file, device);
        float[] losses = run.Stored["loss"].As<float>();
        bool vgg = run.Family == "vgg", calm = file.Contains("_calm", StringComparison.Ordinal), frozen = run.BaseDisabled;
        for (int step = 1; step <= losses.Length; step++)
        {
            double loss = run.ForwardAndBackward(), expected = losses[step - 1], error = Math.Abs(loss - expected) / expected;
            output.WriteLine($"{file}: step {step}: loss {expected:g6}, got {loss:g6}, relative {error:g2}");
            double tolerance = step == 1 ? (vgg ? 1e-4 : 1e-5) : calm ? 5e-4 : frozen ? 2e-4 : step == 2 ? 0.05 : double.PositiveInfinity;
            Assert.True(error <= tolerance, $"loss of step {step}: expected {expected:g7}, got {loss:g7}, tolerance {tolerance}");
            if (step == 1)
                CompareGradients(run, vgg, output);
            run.Update();
            if (step == 1)
                CompareFirstStep(run);
        }
        CompareMovement(run, calm, frozen, output);
        if (run.Train)
            CompareAverages(run, calm);
    }

    private static void CompareGradients(ChainerRun run, bool vgg, ITestOutputHelper output)
    {
        double worst = 0;
        foreach (string key in run.Keys.Where(key => run.Stored.ContainsKey(key + ".grad1") && !run.IsNoise(key)))
        {
            double error = TrainingReference.RelativeRms(run.Samples(key, ".grad1"), run.SampledGradient(key));
            double tolerance = run.IsHead(key) ? (vgg ? 1e-3 : 1e-4) : key is "base/fc6/b" or "base/fc7/b" or "loss1_fc1/b" or "loss2_fc1/b" ? 0.1 : 5e-2;
            worst = Math.Max(worst, error / tolerance);
            Assert.True(error <= tolerance, $"first gradient of {key}: relative rms {error:g3}, tolerance {tolerance}");
        }
        string[] names = TrainingReference.Texts(run.Stored["all.names"]);
        double[] norms = run.Stored["all.grad1_norm"].As<double>();
        for (int i = 0; i < names.Length; i++)
        {
            if (run.IsNoise(names[i]) || norms[i] == 0 || !double.IsFinite(norms[i]))
                continue;
            double error = Math.Abs(run.GradientNorm(names[i]) - norms[i]) / norms[i], tolerance = 1e-2;
            worst = Math.Max(worst, error / tolerance);
            Assert.True(error <= tolerance, $"norm of the first gradient of {names[i]}: expected {norms[i]:g5}, relative difference {error:g3}");
        }
        output.WriteLine($"first gradients: {worst:g2} of the tolerance");
    }

    private static void CompareFirstStep(ChainerRun run)
    {
        foreach (string key in run.Keys.Where(key => run.Stored.ContainsKey(key + ".step1") && !run.IsNoise(key)))
        {
            double[] start = run.Samples(key, ".start"), expected = run.Samples(key, ".step1"), arrived = run.Sampled(key);
            if (run.IsAdam)
            {
                double[] steps = [.. expected.Zip(start, (a, b) => Math.Abs(a - b))];
                int beyond = Enumerable.Range(0, start.Length).Count(i => !(Math.Abs(arrived[i] - expected[i]) <= (0.01 * Math.Max(steps.Max(), 1e-30)) + (1.2e-7 * Math.Abs(start[i]))));
                Assert.True(beyond <= 0.03 * start.Length, $"first step of {key}: {beyond} of {start.Length} samples differ by more than 1 % of the step");
            }
            else
            {
                double error = TrainingReference.RelativeRms([.. expected.Zip(start, (a, b) => a - b)], [.. arrived.Zip(start, (a, b) => a - b)]);
                Assert.True(error <= 5e-2, $"first step of {key}: relative rms {error:g3}");
            }
        }
    }

    private static void CompareMovement(ChainerRun run, bool calm, bool frozen, ITestOutputHelper output)
    {
        string[] names = TrainingReference.Texts(run.Stored["all.names"]);
        double[] norms = run.Stored["all.delta_norm"].As<double>();
        var errors = new List<double>();
        for (int i = 0; i < names.Length; i++)
        {
            if (run.IsNoise(names[i]))
                continue;
            double moved = run.DeltaNorm(names[i]);
            if (norms[i] == 0)
            {
                Assert.True(moved == 0, $"{names[i]} does not move; it moved by {moved:g3}");
                continue;
            }
            double error = Math.Abs(moved - norms[i]) / norms[i];
            errors.Add(error);
            double tolerance = calm || frozen ? 5e-2 : run.IsAdam ? 0.3 : double.PositiveInfinity;
            Assert.True(error <= tolerance, $"movement of {names[i]}: expected {norms[i]:g5}, got {moved:g5}, tolerance {tolerance}");
        }
        errors.Sort();
        output.WriteLine($"movement: median difference {errors[errors.Count / 2]:g2}, worst {errors[^1]:g2}");
        if (!calm)
            return;
        Assert.True(errors[errors.Count / 2] <= 5e-3, $"median difference of movements: {errors[errors.Count / 2]:g3}");
        foreach (string key in run.Keys.Where(key => !run.IsNoise(key)))
        {
            double[] start = run.Samples(key, ".start");
            double error = TrainingReference.RelativeRms([.. run.Samples(key, ".value").Zip(start, (a, b) => a - b)], [.. run.Sampled(key).Zip(start, (a, b) => a - b)]);
            Assert.True(error <= 0.3, $"sampled movement of {key}: relative rms {error:g3}");
        }
    }

    private static void CompareAverages(ChainerRun run, bool calm)
    {
        foreach (string key in run.Case.GetProperty("stats").EnumerateArray().Select(item => item.GetString()!).Where(key => !run.IsNoise(key)))
        {
            double[] expected = run.Samples(key, ".value"), arrived = run.Sampled(key);
            double error = expected.Zip(arrived, (a, b) => Math.Abs(a - b)).Max() / expected.Max(Math.Abs);
            Assert.True(error <= (calm ? 3e-3 : 0.5), $"{key}: {error:g3} of the largest");
        }
    }
}

/// <summary>A stored Chainer run set up: the model with its weights, the new head, the optimizer and the batch.</summary>
internal sealed class ChainerRun : IDisposable
{
    private readonly Model model;
    private readonly Dictionary<string, Parameter> parameters = [];
    private readonly Dictionary<string, Statistic> statistics = [];
    private readonly Dictionary<string, float[]> start = [];
    private readonly Optimizer optimizer;
    private readonly Tensor input;
    private readonly Labels labels;

    internal ChainerRun(string file, Device device)
    {
        Stored = ReferenceArray.LoadAll(Goldens.PathOf(file));
        using JsonDocument json = JsonDocument.Parse(TrainingReference.Texts(Stored["case"])[0]);
        Case = json.RootElement.Clone();
        Family = Case.GetProperty("family").GetString()!;
        Train = Case.GetProperty("train").GetBoolean();
        Keys = [.. Case.GetProperty("keys").EnumerateArray().Select(item => item.GetString()!)];
        model = ModelLoader.Load(Goldens.PathOf($"weights/{Case.GetProperty("weights").GetString()}.npz"), new LoadOptions { Device = device });
        int seed = Case.GetProperty("seed").GetInt32(), outputs = Case.GetProperty("outputs").GetInt32();
        string prefix = Family == "googlenet" ? "" : "base/";
        if (Family == "googlenet")
        {
            foreach (string head in (string[])["loss1_fc2", "loss2_fc2", "loss3_fc"])
                model.Replace(head, new Linear(1024, outputs));
            model.Initialize();
        }
        foreach ((string path, Parameter parameter) in model.NamedParameters())
            parameters.Add(prefix + path, parameter);
        foreach ((string path, Statistic statistic) in model.NamedStatistics())
            statistics.Add(prefix + path, statistic);
        if (Family == "googlenet")
        {
            foreach (string head in (string[])["loss1_fc2", "loss2_fc2", "loss3_fc"])
                SetHead(head, 1024, outputs, seed, 6 / Math.Sqrt(1024), 0.1);
        }
        else
        {
            SetHead("head", Family == "vgg" ? 4096 : 2048, outputs, seed, 1 / Math.Sqrt(Family == "vgg" ? 4096 : 2048), 0);
        }
        foreach ((string name, Parameter parameter) in parameters)
            start.Add(name, parameter.Value.ToArray());
        int[] shape = Stored["input"].Shape;
        input = Tensor.FromNchw(model.Device, shape[0], shape[1], shape[2], shape[3], Stored["input"].As<float>());
        labels = new Labels(Stored["label"].As<int>());
        optimizer = CreateOptimizer(Case.GetProperty("optimizer"));
    }

    internal Dictionary<string, ReferenceArray> Stored { get; }

    internal JsonElement Case { get; }

    internal string Family { get; }

    internal bool Train { get; }

    internal string[] Keys { get; }

    internal bool IsAdam => optimizer is Adam;

    internal bool BaseDisabled => Case.GetProperty("optimizer").TryGetProperty("base_disabled", out JsonElement disabled) && disabled.GetBoolean();

    /// <summary>A bias in front of a batch normalization has gradient 0 but for rounding, and the running mean behind it follows the bias.</summary>
    internal bool IsNoise(string key) => Train && key is "base/conv1/b" or "base/bn1/avg_mean";

    internal bool IsHead(string key) => key.StartsWith("head/", StringComparison.Ordinal) || key.StartsWith("loss3_fc/", StringComparison.Ordinal) || key.Contains("_fc2/", StringComparison.Ordinal);

    internal double ForwardAndBackward()
    {
        using var tape = new Tape(Train);
        Variable loss;
        if (Family == "googlenet")
        {
            IReadOnlyDictionary<string, Variable> y = model.Forward(input, ["loss1_fc2", "loss2_fc2", "loss3_fc"]);
            Variable Loss(string name) => F.SoftmaxCrossEntropy(y[name], labels);
            loss = F.Add(Loss("loss3_fc"), F.Scale(F.Add(Loss("loss1_fc2"), Loss("loss2_fc2")), 0.3f));
        }
        else
        {
            string layer = Case.GetProperty("layer").GetString()!;
            loss = F.SoftmaxCrossEntropy(F.Linear(model.Forward(input, [layer])[layer], parameters["head/W"], parameters["head/b"]), labels);
        }
        double value = loss.Value.ToArray()[0];
        tape.Backward(loss);
        return value;
    }

    /// <summary>Chainer's disable_update stops the update and not the gradient; the gradients are compared first, then the layers are frozen.</summary>
    internal void Update()
    {
        foreach ((string name, Parameter parameter) in parameters)
        {
            bool disabled = (BaseDisabled && !IsHead(name))
                || (Case.GetProperty("optimizer").TryGetProperty("disabled", out JsonElement list) && list.EnumerateArray().Any(item => name.StartsWith(item.GetString() + "/", StringComparison.Ordinal)));
            if (disabled)
            {
                parameter.Frozen = true;
                parameter.ClearGradient();
            }
        }
        optimizer.Update();
    }

    internal double[] Samples(string key, string what) => [.. Stored[key + what].As<float>().Select(value => (double)value)];

    internal double[] Sampled(string key) => Sample(key, parameters.TryGetValue(key, out Parameter? parameter) ? parameter.Value : statistics[key].Value);

    internal double[] SampledGradient(string key) => Sample(key, parameters[key].Gradient!);

    internal double GradientNorm(string key) => Math.Sqrt(model.Device.Reductions.Dot(parameters[key].Gradient!, parameters[key].Gradient!));

    internal double DeltaNorm(string key)
    {
        float[] now = parameters[key].Value.ToArray(), before = start[key];
        double sum = 0;
        for (int i = 0; i < now.Length; i++)
            sum += Math.Pow((double)now[i] - before[i], 2);
        return Math.Sqrt(sum);
    }

    public void Dispose()
    {
        foreach (Parameter parameter in parameters.Values)
        {
            parameter.ClearGradient();
            foreach (Tensor state in optimizer.StateOf(parameter).Tensors)
                state.Release();
            parameter.Value.Release();
        }
        input.Release();
        model.Device.Pool.Trim();
    }

    /// <summary>Values at the stored places, which count in the file's order.</summary>
    private double[] Sample(string key, Tensor tensor)
    {
        float[] values = tensor.ToArray();
        long[] index = Stored[key + ".index"].Type == "<i4" ? [.. Stored[key + ".index"].As<int>().Select(i => (long)i)] : Stored[key + ".index"].As<long>();
        Shape shape = tensor.Shape;
        return [.. index.Select(i => (double)values[shape.Rank switch
        {
            4 => FromFilter(i, shape),
            2 => FromDense(i, shape, key),
            _ => i,
        }])];
    }

    /// <summary>(O, I, H, W) in the file, [H, W, I, O] here.</summary>
    private static long FromFilter(long i, Shape ours)
    {
        (i, long w) = Math.DivRem(i, ours[1]);
        (i, long h) = Math.DivRem(i, ours[0]);
        (long o, long c) = Math.DivRem(i, ours[2]);
        return (((((h * ours[1]) + w) * ours[2]) + c) * ours[3]) + o;
    }

    /// <summary>(out, in) in the file, [in, out] here; the first dense layer behind a flattening counts its inputs C, H, W there and H, W, C here.</summary>
    private static long FromDense(long i, Shape ours, string key)
    {
        int pixels = key switch
        {
            "base/fc6/W" when ours[0] == 25088 => 49,
            "loss1_fc1/W" or "loss2_fc1/W" => 16,
            _ => 1,
        };
        (long o, long input) = Math.DivRem(i, ours[0]);
        (long c, long p) = Math.DivRem(input, pixels);
        return (((p * (ours[0] / pixels)) + c) * ours[1]) + o;
    }

    private void SetHead(string name, int inputs, int outputs, int seed, double scale, double biasScale)
    {
        float[] w = Pattern.Fill(name + "/W", inputs * outputs, 0, scale, seed), transposed = new float[w.Length];
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i++)
                transposed[(i * outputs) + o] = w[(o * inputs) + i];
        }
        Tensor weights = Tensor.From(model.Device, new Shape(inputs, outputs), transposed), bias = Tensor.From(model.Device, new Shape(outputs), Pattern.Fill(name + "/b", outputs, 0, biasScale, seed));
        if (parameters.TryGetValue(name + "/W", out Parameter? existing))
        {
            existing.Initialize(weights);
            parameters[name + "/b"].Initialize(bias);
        }
        else
        {
            parameters.Add(name + "/W", new Parameter(name + "/W", weights));
            parameters.Add(name + "/b", new Parameter(name + "/b", bias));
        }
    }

    private Optimizer CreateOptimizer(JsonElement settings)
    {
        double Number(string name) => settings.GetProperty(name).GetDouble();
        if (settings.GetProperty("type").GetString() == "Adam")
        {
            if (settings.TryGetProperty("base_alpha", out JsonElement slow))
            {
                foreach ((string name, Parameter parameter) in parameters)
                    parameter.LearningRateScale = IsHead(name) ? 1 : (float)(slow.GetDouble() / Number("alpha"));
            }
            return new Adam(parameters.Values, Number("alpha"));
        }
        Assert.Equal("MomentumSGD", settings.GetProperty("type").GetString());
        var sgd = new MomentumSgd(parameters.Values, Number("lr"), (float)Number("momentum"));
        sgd.Hooks.Add(new WeightDecay((float)Number("weight_decay")));
        return sgd;
    }
}
