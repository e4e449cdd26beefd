using System.Text.Json;
using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;
using NativeFree.Training;
using Xunit.Abstractions;

namespace NativeFree.Tests.Training;

/// <summary>
/// Chainer's fine-tuning runs through the fine-tuning API and the trainer: new layers on a slowed and on a frozen VGG16, on a ResNet50 with batch statistics by Adam and by momentum with weight decay, and GoogLeNet's three
/// heads with their weighted loss. Of the stored runs those with steps small enough to be followed to the end; tolerances are those of the goldens' README.chainer.md, section 3.
/// </summary>
[Collection("whole networks")]
public sealed class ChainerTrainingGoldenTests(ITestOutputHelper output)
{
    [GoldenTheory("training/vgg16_frozen.npz")]
    [InlineData("vgg16_frozen", 2e-4)]
    [InlineData("vgg16_finetune_calm", 5e-4)]
    [InlineData("googlenet_three_heads_calm", 5e-4)]
    [InlineData("resnet50_bn_calm", 5e-4)]
    [InlineData("resnet50_sgd_calm", 5e-4)]
    public void A_run_follows_chainer(string name, double tolerance)
    {
        Dictionary<string, ReferenceArray> stored = ReferenceArray.LoadAll(Goldens.PathOf($"training/{name}.npz"));
        using JsonDocument json = JsonDocument.Parse(TrainingReference.Texts(stored["case"])[0]);
        JsonElement about = json.RootElement, rule = about.GetProperty("optimizer");
        Model model = Built(about, stored["input"].Shape[2]);
        Prepare(model, rule);
        (string Path, Parameter Parameter)[] parameters = [.. model.NamedParameters()];
        Dictionary<string, float[]> start = parameters.ToDictionary(item => item.Path, item => item.Parameter.Value.ToArray());
        ArrayDataset data;
        using (new Scope())
        {
            int[] shape = stored["input"].Shape;
            data = new ArrayDataset(
                Tensor.FromNchw(model.Device, shape[0], shape[1], shape[2], shape[3], stored["input"].As<float>()), new Labels(stored["label"].As<int>()), [.. Enumerable.Range(0, model.Classes).Select(i => $"{i}")]);
        }
        Optimizer optimizer = Built(rule, [.. parameters.Select(item => item.Parameter)]);
        var trainer = new Trainer(new Classifier(model), optimizer) { TrainingMode = about.GetProperty("train").GetBoolean() };
        float[] expected = stored["loss"].As<float>();
        double[] losses = trainer.Fit(new DataLoader(data, data.Count, device: model.Device, workers: 0), epochs: expected.Length).Values("loss");
        for (int i = 0; i < losses.Length; i++)
        {
            double error = Math.Abs(losses[i] - expected[i]) / expected[i], allowed = i > 0 ? tolerance : name.StartsWith("vgg", StringComparison.Ordinal) ? 1e-4 : 1e-5;
            output.WriteLine($"step {i + 1}: loss {expected[i]:g7}, got {losses[i]:g7}, relative {error:g2}");
            Assert.True(error <= allowed, $"loss of step {i + 1}: expected {expected[i]:g7}, got {losses[i]:g7}");
        }
        Movements(stored, model, start, isNoise: trainer.TrainingMode);
        LoadedModels.Release(model);
    }

    /// <summary>How far each parameter moved in all: within 5 %, half of them within 0.5 %, frozen ones not at all.</summary>
    private void Movements(Dictionary<string, ReferenceArray> stored, Model model, Dictionary<string, float[]> start, bool isNoise)
    {
        string[] names = TrainingReference.Texts(stored["all.names"]);
        double[] norms = stored["all.delta_norm"].As<double>();
        Dictionary<string, Parameter> now = model.NamedParameters().ToDictionary(item => item.Path, item => item.Parameter);
        var errors = new List<double>();
        for (int i = 0; i < names.Length; i++)
        {
            string path = names[i].StartsWith("base/", StringComparison.Ordinal) ? names[i][5..] : names[i].Replace("head/", "head1/", StringComparison.Ordinal);
            // What lies behind the tap is not there, and a bias before a batch norm moves by rounding alone.
            if (!now.TryGetValue(path, out Parameter? parameter) || (isNoise && path == "conv1/b"))
                continue;
            double moved = Math.Sqrt(parameter.Value.ToArray().Zip(start[path], (a, b) => Math.Pow((double)a - b, 2)).Sum());
            if (norms[i] == 0)
            {
                Assert.True(moved == 0, $"{path} stays; it moved by {moved:g3}");
                continue;
            }
            errors.Add(Math.Abs(moved - norms[i]) / norms[i]);
            Assert.True(errors[^1] <= 5e-2, $"movement of {path}: expected {norms[i]:g5}, got {moved:g5}");
        }
        errors.Sort();
        output.WriteLine($"{errors.Count} movements: median difference {errors[errors.Count / 2]:g2}, worst {errors[^1]:g2}");
        Assert.True(errors[errors.Count / 2] <= 5e-3, $"median difference of movements: {errors[errors.Count / 2]:g3}");
    }

    private static Model Built(JsonElement about, int size)
    {
        int seed = about.GetProperty("seed").GetInt32(), outputs = about.GetProperty("outputs").GetInt32();
        string family = about.GetProperty("family").GetString()!;
        Model model = ModelLoader.Load(Goldens.PathOf($"weights/{about.GetProperty("weights").GetString()}.npz"), new LoadOptions { Device = CpuDevice.Default, InputSize = size });
        if (family == "googlenet")
        {
            model.ReplaceHeads(outputs);
            foreach (string head in (string[])["loss1_fc2", "loss2_fc2", "loss3_fc"])
                Fill(model[head], head, seed, 6, 0.1);
            return model;
        }
        var tuned = new FineTuned(model, about.GetProperty("layer").GetString()!, outputs);
        Fill(tuned["head1"], "head", seed, 1, 0);
        return tuned;
    }

    private static void Prepare(Model model, JsonElement rule)
    {
        if (rule.TryGetProperty("base_disabled", out JsonElement disabled) && disabled.GetBoolean())
            model.FreezeBase();
        if (rule.TryGetProperty("base_alpha", out JsonElement slow))
            model.SetBaseLearningRateScale((float)(slow.GetDouble() / rule.GetProperty("alpha").GetDouble()));
        if (rule.TryGetProperty("disabled", out JsonElement list))
        {
            foreach (JsonElement path in list.EnumerateArray())
                model.Freeze(path.GetString()!["base/".Length..]);
        }
    }

    private static void Fill(Layer layer, string name, int seed, double scale, double biasScale)
    {
        layer.Initialize();
        Parameter w = layer.NamedParameters().First(item => item.Path == "W").Parameter, b = layer.NamedParameters().First(item => item.Path == "b").Parameter;
        (int inputs, int outputs) = (w.Shape[0], w.Shape[1]);
        float[] theirs = Pattern.Fill(name + "/W", inputs * outputs, 0, scale / Math.Sqrt(inputs), seed), ours = new float[theirs.Length];
        for (int i = 0; i < ours.Length; i++)
            ours[i] = theirs[(i % outputs * inputs) + (i / outputs)];
        w.Value.CopyFrom(ours);
        b.Value.CopyFrom(Pattern.Fill(name + "/b", outputs, 0, biasScale, seed));
    }

    private static Optimizer Built(JsonElement rule, Parameter[] parameters)
    {
        double Number(string name) => rule.GetProperty(name).GetDouble();
        if (rule.GetProperty("type").GetString() == "Adam")
            return new Adam(parameters, Number("alpha"));
        var momentum = new MomentumSgd(parameters, Number("lr"), (float)Number("momentum"));
        momentum.Hooks.Add(new WeightDecay((float)Number("weight_decay")));
        return momentum;
    }
}
