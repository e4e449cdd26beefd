using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Training;
using Xunit.Abstractions;

namespace NativeFree.Tests.Training;

/// <summary>
/// Keras's fit() with early stopping repeated: losses and accuracies of each epoch, where it stops, and the weights that it puts back. Tolerances are those of the goldens' README.keras.md: losses 2e-3, accuracies
/// 5e-3, weights 5e-3, epochs exactly.
/// </summary>
public sealed class EarlyStoppingGoldenTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files => [.. Goldens.Files("training", "earlystop_*.npz")];

    [GoldenTheory("training/earlystop_seed1.npz")]
    [MemberData(nameof(Files))]
    public void A_run_stops_where_keras_stops_with_its_weights(string file)
    {
        Dictionary<string, ReferenceArray> stored = ReferenceArray.LoadAll(Goldens.PathOf(file));
        var network = new SmallU();
        Fill(network, stored);
        DataLoader training = Loader(stored, "train"), validation = Loader(stored, "val");
        var stopping = new EarlyStopping("val_loss", patience: 2) { RestoreBest = true };
        var adam = new Adam(TinyNet.ParametersOf(network), 0.003, new AdamOptions { Epsilon = 1e-7 });
        var trainer = new Trainer(new Classifier(network), adam, stopping);
        float[] last = [];
        History history = trainer.Fit(training, validation, epochs: 50);
        output.WriteLine(history.StopReason);
        Assert.Equal(Whole("epochs_run"), history.Epochs.Count);
        Assert.Equal(Whole("stopped_epoch"), stopping.StoppedEpoch);
        Assert.Equal(Whole("best_epoch"), stopping.BestEpoch);
        Assert.Equal(Whole("best_epoch"), history.RestoredEpoch);
        foreach ((string name, double tolerance) in new[] { ("loss", 2e-3), ("val_loss", 2e-3), ("accuracy", 5e-3), ("val_accuracy", 5e-3) })
        {
            double[] expected = Numbers("history." + name), arrived = history.Values(name);
            Assert.Equal(expected.Length, arrived.Length);
            double worst = expected.Zip(arrived, (a, b) => Math.Abs(a - b)).Max();
            output.WriteLine($"{name}: worst difference {worst:g2}");
            Assert.True(worst <= tolerance, $"{name}: worst difference {worst:g3}, tolerance {tolerance}");
        }
        foreach ((string key, Tensor tensor) in Values(network))
        {
            double[] restored = Numbers("restored:" + key), moved = Numbers("last:" + key);
            double worst = restored.Zip(tensor.ToArray(), (a, b) => Math.Abs(a - b)).Max();
            Assert.True(worst <= 5e-3, $"{key}: worst difference {worst:g3}");
            if (key.EndsWith("kernel", StringComparison.Ordinal))
                Assert.True(restored.Zip(moved, (a, b) => Math.Abs(a - b)).Max() > 5e-3, $"{key}: the best and the last weights differ by more than the tolerance");
        }

        int Whole(string name) => (int)stored[name].As<long>()[0];

        double[] Numbers(string name) => stored[name].Type == "<f4" ? [.. stored[name].As<float>().Select(value => (double)value)] : stored[name].As<double>();
    }

    private static void Fill(Network network, Dictionary<string, ReferenceArray> stored)
    {
        foreach ((_, Layer layer) in network.Descendants())
            layer.Initialize();
        foreach ((string key, Tensor tensor) in Values(network))
            tensor.CopyFrom(stored["start:" + key].Type == "<f4" ? stored["start:" + key].As<float>() : [.. stored["start:" + key].As<double>().Select(value => (float)value)]);
    }

    private static IEnumerable<(string Key, Tensor Value)> Values(Network network)
    {
        foreach ((string path, Parameter parameter) in network.NamedParameters())
            yield return (path.Replace("/W", "/kernel", StringComparison.Ordinal).Replace("/b", "/bias", StringComparison.Ordinal).Replace("/biaseta", "/beta", StringComparison.Ordinal), parameter.Value);
        foreach ((string path, Statistic statistic) in network.NamedStatistics())
            yield return (path.Replace("avg_mean", "moving_mean", StringComparison.Ordinal).Replace("avg_var", "moving_variance", StringComparison.Ordinal), statistic.Value);
    }

    private static DataLoader Loader(Dictionary<string, ReferenceArray> stored, string name)
    {
        ReferenceArray x = stored[name + ".x"];
        float[] values = x.Type == "<f4" ? x.As<float>() : [.. x.As<double>().Select(value => (float)value)];
        using var scope = new Scope();
        Tensor images = Tensor.FromNchw(CpuDevice.Default, x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3], values);
        var data = new ArrayDataset(images, new Labels(new Shape(stored[name + ".y"].Shape), stored[name + ".y"].As<int>()), ["a", "b", "c"]);
        return new DataLoader(data, 4, workers: 0, device: CpuDevice.Default);
    }
}
