using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;
using Xunit.Abstractions;

namespace NativeFree.Tests.Operators;

/// <summary>Keras's own training steps repeated: the U-Net on ResNet50, with batch normalization in training and in inference mode, and a head on frozen ImageNet features. Tolerances are those of the goldens' README.keras.md.</summary>
[Collection("whole networks")]
public sealed class KerasReplayTests(ITestOutputHelper output)
{
    public static TheoryData<string> Steps => TrainingReference.Files("keras-unet");

    public static TheoryData<string> Gradients => TrainingReference.Files("keras-unet-gradient");

    public static TheoryData<string> Transfers => TrainingReference.Files("keras-transfer");

    [GoldenTheory("training/index.json")]
    [MemberData(nameof(Steps))]
    public void Steps_of_the_unet_follow_keras(string file) => Follow(file, CpuDevice.Default, output);

    [GoldenTheory("training/index.json")]
    [MemberData(nameof(Gradients))]
    public void First_gradients_of_the_unet_agree(string file) => CompareFirstGradients(file, CpuDevice.Default, output);

    [GoldenTheory("training/index.json")]
    [MemberData(nameof(Transfers))]
    public void A_head_on_frozen_imagenet_features_follows_keras(string file) => Transfer(file, CpuDevice.Default, output);

    /// <summary>The steps on any device.</summary>
    internal static void Follow(string file, Device device, ITestOutputHelper output)
    {
        bool calm = file.Contains("_calm", StringComparison.Ordinal), written = file.Contains("as_written", StringComparison.Ordinal);
        using var run = new UNetRun(file, device);
        double[] losses = run.Numbers("losses"), accuracy = run.Numbers("accuracy");
        if (calm)
            CompareOutput(run, "output_before.full", 1e-5);
        for (int step = 1; step <= losses.Length; step++)
        {
            (double loss, double hit) = run.Step(calm ? 1e-2 : 1e-7);
            double error = Math.Abs(loss - losses[step - 1]) / losses[step - 1];
            output.WriteLine($"{file}: step {step}: loss {losses[step - 1]:g7}, got {loss:g7}, relative {error:g2}; accuracy {accuracy[step - 1]:g5}, got {hit:g5}");
            double tolerance = calm ? 2e-5 : written ? 1e-2 : step == 1 ? 1e-5 : 0.1;
            Assert.True(error <= tolerance, $"loss of step {step}: expected {losses[step - 1]:g7}, got {loss:g7}, tolerance {tolerance}");
            if (!written)
                Assert.True(Math.Abs(hit - accuracy[step - 1]) <= (step == 1 || calm ? 1e-3 : 0.02), $"accuracy of step {step}: expected {accuracy[step - 1]:g5}, got {hit:g5}");
            if (step == 1)
                CompareFirstStep(run, calm || written);
        }
        if (calm)
            CompareValues(run);
        else if (!written)
            CompareMovement(run);
        if (calm)
            CompareOutput(run, "output_after.full", file.Contains("float64", StringComparison.Ordinal) ? 1.4e-4 : 7e-5); // Keras's own float32 is 7.05e-5 from its float64
    }

    /// <summary>The first gradients on any device.</summary>
    internal static void CompareFirstGradients(string file, Device device, ITestOutputHelper output)
    {
        bool inference = file.Contains("inference", StringComparison.Ordinal);
        using var run = new UNetRun(file, device);
        double loss = run.ForwardAndBackward();
        double expectedLoss = run.Numbers("loss")[0];
        Assert.True(Math.Abs(loss - expectedLoss) <= 1e-5 * expectedLoss, $"loss: expected {expectedLoss:g7}, got {loss:g7}");
        string[] keys = TrainingReference.Texts(run.Stored["keys"]);
        double[] norms = run.Numbers("norm");
        double worst = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            if (!run.Has(keys[i]) || run.IsNoise(keys[i]))
                continue;
            double error = Math.Abs(run.GradientNorm(keys[i]) - norms[i]) / norms[i], tolerance = keys[i].StartsWith("output_layer", StringComparison.Ordinal) ? 1e-3 : inference ? 1e-2 : 2e-2;
            worst = Math.Max(worst, error / tolerance);
            Assert.True(error <= tolerance, $"norm of the gradient of {keys[i]}: expected {norms[i]:g6}, relative difference {error:g3}, tolerance {tolerance}");
        }
        foreach (string key in keys.Where(key => run.Stored.ContainsKey(key + ".index") && !run.IsNoise(key)))
        {
            double[] expected = run.Numbers(key + ".value"), arrived = run.SampledGradient(key);
            double largest = run.Numbers(key + ".stats")[2], error = expected.Zip(arrived, (a, b) => Math.Abs(a - b)).Max() / largest;
            double tolerance = key.StartsWith("output_layer", StringComparison.Ordinal) ? 1e-3 : inference ? 2e-2 : 5e-2;
            worst = Math.Max(worst, error / tolerance);
            Assert.True(error <= tolerance, $"gradient of {key}: {error:g3} of the largest, tolerance {tolerance}");
        }
        output.WriteLine($"{file}: {worst:g2} of the tolerance");
    }

    /// <summary>The head's training on any device.</summary>
    internal static void Transfer(string file, Device device, ITestOutputHelper output)
    {
        Dictionary<string, ReferenceArray> stored = ReferenceArray.LoadAll(Goldens.PathOf(file));
        double[] Numbers(string name) => UNetRun.Numbers(stored[name]);
        Model model = ModelLoader.Load(Goldens.PathOf("weights/vgg16_imagenet_notop.h5"), new LoadOptions { Device = device });
        // Caffe's way: blue, green, red, means taken off.
        byte[] rgb = stored["rgb"].As<byte>();
        float[] bgr = new float[rgb.Length];
        double[] means = [103.939, 116.779, 123.68];
        for (int i = 0; i < rgb.Length; i++)
        {
            (int image, int rest) = Math.DivRem(i, 3 * 64 * 64);
            (int channel, int pixel) = Math.DivRem(rest, 64 * 64);
            bgr[(((image * 3) + channel) * 64 * 64) + pixel] = (float)(rgb[(((image * 3) + 2 - channel) * 64 * 64) + pixel] - means[channel]);
        }
        float[] before = [.. model.NamedParameters().SelectMany(item => item.Parameter.Value.ToArray().Take(100))];
        using var all = new Scope();
        Tensor features = F.GlobalAveragePooling2D(model.Forward(Tensor.FromNchw(device, 12, 3, 64, 64, bgr), ["block5_pool"])["block5_pool"]).Value;
        GradientCheck.Compare("features", Numbers("features"), features.ToArray(), 1e-5);
        var kernel = new Parameter("head/kernel", Tensor.From(device, new Shape(512, 3), [.. Numbers("head_before/kernel").Select(value => (float)value)]));
        var bias = new Parameter("head/bias", Tensor.From(device, new Shape(3), [.. Numbers("head_before/bias").Select(value => (float)value)]));
        var adam = new Adam([kernel, bias], 1e-3, new AdamOptions { Epsilon = 1e-7 });
        var labels = new Labels(stored["label"].As<int>());
        double[] losses = Numbers("losses");
        for (int step = 0; step < losses.Length; step++)
        {
            using var tape = new Tape();
            Variable loss = F.SoftmaxCrossEntropy(F.Linear(features, kernel, bias), labels, null);
            double value = loss.Value.ToArray()[0];
            output.WriteLine($"step {step + 1}: loss {losses[step]:g7}, got {value:g7}");
            Assert.True(Math.Abs(value - losses[step]) <= 1e-3 * losses[step], $"loss of step {step + 1}: expected {losses[step]:g7}, got {value:g7}");
            tape.Backward(loss);
            adam.Update();
        }
        CompareHead("head_after/kernel", kernel);
        CompareHead("head_after/bias", bias);
        Assert.Equal(before, model.NamedParameters().SelectMany(item => item.Parameter.Value.ToArray().Take(100)));

        void CompareHead(string name, Parameter parameter)
        {
            double worst = Numbers(name).Zip(parameter.Value.ToArray(), (a, b) => Math.Abs(a - b)).Max();
            Assert.True(worst <= 2e-3, $"{name}: worst difference {worst:g3}");
        }
    }

    private static void CompareOutput(UNetRun run, string name, double tolerance)
    {
        double[] expected = run.Numbers(name);
        float[] arrived = run.Output();
        double worst = expected.Zip(arrived, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst <= tolerance, $"{name}: worst difference {worst:g3}, tolerance {tolerance}");
    }

    private static void CompareFirstStep(UNetRun run, bool inference)
    {
        foreach (string key in run.SampledKeys)
        {
            if (UNetRun.IsStatistic(key))
            {
                double[] expected = run.Numbers(key + ".after_step1.value"), arrived = run.Sampled(key);
                double worst = expected.Zip(arrived, (a, b) => Math.Abs(a - b)).Max();
                Assert.True(worst <= (inference ? 0 : 5e-6 * Math.Max(1, expected.Max(Math.Abs))), $"{key} after the first step: worst difference {worst:g3}");
            }
            else if (!inference && !run.IsNoise(key))
            {
                double expected = run.Numbers(key + ".after_step1.delta_norm")[0], moved = run.DeltaNorm(key), error = Math.Abs(moved - expected) / expected;
                Assert.True(error <= (IsUpBias(key) ? 2e-2 : 3e-3), $"movement of {key} in the first step: expected {expected:g6}, got {moved:g6}");
            }
        }
    }

    private static void CompareMovement(UNetRun run)
    {
        foreach (string key in run.SampledKeys.Where(key => !UNetRun.IsStatistic(key) && !run.IsNoise(key)))
        {
            double expected = run.Numbers(key + ".delta_norm")[0], moved = run.DeltaNorm(key), error = Math.Abs(moved - expected) / expected;
            Assert.True(error <= (key.EndsWith("/kernel", StringComparison.Ordinal) ? 2e-2 : 0.2), $"movement of {key}: expected {expected:g6}, got {moved:g6}");
        }
    }

    private static void CompareValues(UNetRun run)
    {
        foreach (string key in run.SampledKeys.Where(key => !run.IsNoise(key)))
        {
            double worst = run.Numbers(key + ".value").Zip(run.Sampled(key), (a, b) => Math.Abs(a - b)).Max();
            Assert.True(worst <= (UNetRun.IsStatistic(key) ? 0 : 1e-5), $"{key}: worst difference {worst:g3}");
        }
    }

    private static bool IsUpBias(string key) => key.StartsWith("UpConv", StringComparison.Ordinal) && key.EndsWith("/bias", StringComparison.Ordinal);
}

/// <summary>A stored U-Net run set up.</summary>
internal sealed class UNetRun : IDisposable
{
    private readonly Model model;
    private readonly bool training;
    private readonly Dictionary<string, Statistic> statistics = [];
    private readonly Dictionary<string, Parameter> parameters = [];
    private readonly Dictionary<string, float[]> start = [];
    private readonly Tensor input;
    private readonly Labels labels;
    private Adam? adam;

    internal UNetRun(string file, Device device)
    {
        TrainingReference reference = TrainingReference.All("keras-unet").Concat(TrainingReference.All("keras-unet-gradient")).Single(item => item.File == file);
        Stored = ReferenceArray.LoadAll(Goldens.PathOf(file));
        training = reference.Entry.GetProperty("batch_norm").GetString() == "training";
        model = ModelLoader.Load(Goldens.PathOf("weights/" + reference.Entry.GetProperty("weights")[0].GetString()), new LoadOptions { Device = device });
        // In float64 tf.keras leaves its fused operator, whose running variance is unbiased, for one whose variance is biased: the stored values equal Keras 3's to 1e-10.
        bool unbiased = reference.Entry.GetProperty("variance").GetString() == "unbiased" && reference.Entry.GetProperty("dtype").GetString() == "float32";
        foreach (BatchNormalization layer in model.Nodes.Select(node => node.Layer).OfType<BatchNormalization>())
            layer.UnbiasedVariance = unbiased;
        foreach ((string path, Parameter parameter) in model.NamedParameters())
        {
            parameters.Add(Key(path), parameter);
            start.Add(Key(path), parameter.Value.ToArray());
        }
        foreach ((string path, Statistic statistic) in model.NamedStatistics())
            statistics.Add(Key(path), statistic);
        // The gradients were made of the same batch as the steps.
        Dictionary<string, ReferenceArray> batch = Stored.ContainsKey("input") ? Stored : ReferenceArray.LoadAll(Goldens.PathOf("training/unet_resnet50_seed1_train5.npz"));
        int[] shape = batch["input"].Shape;
        input = Tensor.FromNchw(model.Device, shape[0], shape[1], shape[2], shape[3], [.. Numbers(batch["input"]).Select(value => (float)value)]);
        labels = new Labels(new Shape(batch["mask"].Shape), [.. Whole(batch["mask"])]);
        SampledKeys = Stored.TryGetValue("sampled", out ReferenceArray? sampled) ? TrainingReference.Texts(sampled) : [];
    }

    internal Dictionary<string, ReferenceArray> Stored { get; }

    internal string[] SampledKeys { get; }

    internal static bool IsStatistic(string key) => key.Contains("/moving_", StringComparison.Ordinal);

    internal static double[] Numbers(ReferenceArray array) => array.Type switch
    {
        "<f4" => [.. array.As<float>().Select(value => (double)value)],
        "<f8" => array.As<double>(),
        _ => [.. Whole(array).Select(value => (double)value)],
    };

    internal double[] Numbers(string name) => Numbers(Stored[name]);

    internal bool Has(string key) => parameters.ContainsKey(key);

    /// <summary>Every bias of the encoder stands in front of a batch normalization: in training mode its gradient is rounding alone.</summary>
    internal bool IsNoise(string key) => training && key.EndsWith("_conv/bias", StringComparison.Ordinal);

    internal double ForwardAndBackward() => Walk().Loss;

    internal (double Loss, double Accuracy) Step(double epsilon)
    {
        (double loss, double accuracy) = Walk();
        adam ??= new Adam(parameters.Values, 1e-3, new AdamOptions { Epsilon = epsilon });
        adam.Update();
        return (loss, accuracy);
    }

    internal double GradientNorm(string key) => Math.Sqrt(model.Device.Reductions.Dot(parameters[key].Gradient!, parameters[key].Gradient!));

    internal double[] SampledGradient(string key) => Sample(key, parameters[key].Gradient!);

    internal double[] Sampled(string key) => Sample(key, Value(key));

    internal double DeltaNorm(string key) => Math.Sqrt(start[key].Zip(Value(key).ToArray(), (a, b) => Math.Pow((double)b - a, 2)).Sum());

    /// <summary>Probabilities of the batch in inference mode, (N, C, H, W).</summary>
    internal float[] Output()
    {
        using var scope = new Scope();
        return model.Forward(input, ["output_layer"])["output_layer"].Value.ToNchw();
    }

    public void Dispose()
    {
        foreach (Parameter parameter in parameters.Values)
        {
            parameter.ClearGradient();
            foreach (Tensor state in adam?.StateOf(parameter).Tensors ?? [])
                state.Release();
        }
        foreach (Parameter parameter in parameters.Values)
            parameter.Value.Release();
        foreach (Statistic statistic in statistics.Values)
            statistic.Value.Release();
        input.Release();
        model.Device.Pool.Trim();
    }

    // Asked each time: the first update on a GPU device moves parameters to other tensors.
    private Tensor Value(string key) => parameters.TryGetValue(key, out Parameter? parameter) ? parameter.Value : statistics[key].Value;

    /// <summary>conv1_bn/avg_var is conv1_bn/moving_variance there.</summary>
    private static string Key(string path)
    {
        int slash = path.LastIndexOf('/');
        return path[..(slash + 1)] + path[(slash + 1)..] switch
        {
            "W" => "kernel",
            "b" => "bias",
            "avg_mean" => "moving_mean",
            "avg_var" => "moving_variance",
            string same => same,
        };
    }

    private static IEnumerable<int> Whole(ReferenceArray array) => array.Type switch
    {
        "|u1" => array.As<byte>().Select(value => (int)value),
        "<i8" => array.As<long>().Select(value => (int)value),
        _ => array.As<int>(),
    };

    private (double Loss, double Accuracy) Walk()
    {
        using var tape = new Tape(training);
        Variable logits = model.Forward(input, ["logits"])["logits"], loss = F.SoftmaxCrossEntropy(logits, labels, null);
        double accuracy = F.Accuracy(logits, labels), value = loss.Value.ToArray()[0];
        tape.Backward(loss);
        return (value, accuracy);
    }

    private double[] Sample(string key, Tensor tensor)
    {
        float[] all = tensor.ToArray();
        return [.. Whole(Stored[key + ".index"]).Select(i => (double)all[i])];
    }
}
