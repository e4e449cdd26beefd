using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;
using NativeFree.Training;
using Xunit.Abstractions;

namespace NativeFree.Tests.Training;

/// <summary>
/// Keras's ten steps of a new head on the frozen ImageNet VGG16, through the fine-tuning API and the trainer: once with the base before every step, once on its features. Tolerances are those of the goldens'
/// README.keras.md: losses 1e-3, head 2e-3, the base unchanged.
/// </summary>
[Collection("whole networks")]
public sealed class TransferGoldenTests(ITestOutputHelper output)
{
    private const string File = "training/transfer_vgg16_imagenet_seed1.npz";

    [GoldenTheory(File)]
    [InlineData(false)]
    [InlineData(true)]
    public void A_new_head_on_a_frozen_base_follows_keras(bool onFeatures)
    {
        Dictionary<string, ReferenceArray> stored = ReferenceArray.LoadAll(Goldens.PathOf(File));
        Model vgg = ModelLoader.Load(Goldens.PathOf("weights/vgg16_imagenet_notop.h5"), new LoadOptions { InputSize = 64 });
        var model = new FineTuned(vgg, "block5_pool", 3, new NewLayerOptions { Average = true });
        model.FreezeBase();
        Parameter[] head = [.. model.NewLayers.NamedParameters().Select(item => item.Parameter)];
        model.NewLayers["head1"].Initialize();
        head[0].Value.CopyFrom(stored["head_before/kernel"].As<float>());
        head[1].Value.CopyFrom(stored["head_before/bias"].As<float>());
        float[] before = [.. model.BaseParameters.SelectMany(parameter => parameter.Value.ToArray().Take(100))];
        ArrayDataset pictures = Pictures(stored["rgb"].As<byte>(), stored["label"].As<int>());
        IDataset data = pictures;
        if (onFeatures)
        {
            using var scope = new Scope();
            using IEnumerator<Batch> whole = new DataLoader(pictures, 12, device: model.Device, workers: 0).Epoch(0).GetEnumerator();
            whole.MoveNext();
            data = new ArrayDataset(model.Features(whole.Current.X), whole.Current.Y, pictures.Classes);
        }
        var trainer = new Trainer(new Classifier(onFeatures ? model.NewLayers : model), new Adam(head, 1e-3, new AdamOptions { Epsilon = 1e-7 }));
        double[] losses = trainer.Fit(new DataLoader(data, 12, device: model.Device, workers: 0), epochs: 10).Values("loss");
        double[] expected = [.. stored["losses"].As<double>()];
        for (int i = 0; i < 10; i++)
        {
            output.WriteLine($"step {i + 1}: loss {expected[i]:g7}, got {losses[i]:g7}");
            Assert.True(Math.Abs(losses[i] - expected[i]) <= 1e-3 * expected[i], $"loss of step {i + 1}: expected {expected[i]:g7}, got {losses[i]:g7}");
        }
        foreach ((string name, Parameter parameter) in new[] { ("head_after/kernel", head[0]), ("head_after/bias", head[1]) })
        {
            double worst = stored[name].As<float>().Zip(parameter.Value.ToArray(), (a, b) => Math.Abs(a - b)).Max();
            Assert.True(worst <= 2e-3, $"{name}: worst difference {worst:g3}");
        }
        Assert.Equal(before, model.BaseParameters.SelectMany(parameter => parameter.Value.ToArray().Take(100)));
    }

    /// <summary>Caffe's way: blue, green, red, means taken off, channels last.</summary>
    private static ArrayDataset Pictures(byte[] rgb, int[] labels)
    {
        float[] means = [103.939f, 116.779f, 123.68f], x = new float[rgb.Length];
        for (int i = 0; i < x.Length; i++)
        {
            (int pixel, int channel) = Math.DivRem(i, 3);
            (int image, int place) = Math.DivRem(pixel, 64 * 64);
            x[i] = rgb[(((image * 3) + 2 - channel) * 64 * 64) + place] - means[channel];
        }
        return new ArrayDataset(x, new Shape(64, 64, 3), labels, new Shape(), ["a", "b", "c"]);
    }
}
