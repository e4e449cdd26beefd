using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Tests;

/// <summary>Every stored activation, prediction and extraction of the original frameworks, through the original weight files.</summary>
[Collection("whole networks")]
public sealed class GoldenModelTests(LoadedModels models)
{
    public static TheoryData<string, string> Activations => Cases("activations", "float64");

    public static TheoryData<string, string> Predictions => Cases("predict");

    /// <summary>Sorted by weights, so that each file is loaded once.</summary>
    private static TheoryData<string, string> Cases(params string[] kinds)
    {
        var data = new TheoryData<string, string>();
        foreach (var (weights, file) in GoldenReference.All().Where(reference => kinds.Contains(reference.Kind))
            .SelectMany(reference => reference.Weights.Select(weights => (Weights: weights, reference.File))).OrderBy(item => item.Weights, StringComparer.Ordinal))
        {
            data.Add("models/" + file, "weights/" + weights);
        }
        return data;
    }

    [GoldenTheory("models/index.json")]
    [MemberData(nameof(Activations))]
    public void Activations_agree(string file, string weights) => CompareActivations(file, models.Get(Goldens.PathOf(weights)));

    [GoldenTheory("models/index.json")]
    [MemberData(nameof(Predictions))]
    public void Predictions_agree(string file, string weights) => ComparePredictions(file, models.Get(Goldens.PathOf(weights)));

    /// <summary>The model run layer by layer, on whatever device it lies.</summary>
    internal static void CompareActivations(string file, Model model)
    {
        GoldenReference reference = Find(file);
        Assert.Equal((reference.Model, reference.Origin), (model.Name, model.Origin.Text()));
        Dictionary<string, ReferenceArray> stored = ReferenceArray.LoadAll(Goldens.PathOf(file));
        string[] present = StoredLayers(reference, stored, model);
        if (present.Length == 0)
            return; // a float64 reference of the last layers, and a file without them

        using var scope = new Scope();
        IReadOnlyDictionary<string, Tensor> values = model.Extract(Input(reference, stored, model), present);
        Assert.Equal(present.Length, values.Count);
        foreach ((string layer, Tensor value) in values)
            ActivationAssert.Close($"{file} {layer}", stored, layer, value, reference.Tolerance(layer));
        foreach (string derived in reference.NotLayers)
        {
            Assert.Equal("block5_pool_global_average", derived);
            ActivationAssert.Close($"{file} {derived}", stored, derived, F.GlobalAveragePooling2D(values["block5_pool"]).Value, reference.Tolerance(derived));
        }
    }

    /// <summary>Chainer's predict and extract, from photos, on whatever device the model lies.</summary>
    internal static void ComparePredictions(string file, Model model)
    {
        GoldenReference reference = Find(file);
        Dictionary<string, ReferenceArray> stored = ReferenceArray.LoadAll(Goldens.PathOf(file));
        Image[] images = [.. reference.Images.Select(image => ImageFile.Load(Goldens.PathOf("images/" + image)))];
        using var scope = new Scope();
        ActivationAssert.Close($"{file} oversample", stored["oversample"], model.Predict(images), reference.Tolerance("prob"));
        ActivationAssert.Close($"{file} center", stored["center"], model.Predict(images, oversample: false), reference.Tolerance("prob"));
        string layer = Assert.Single(model.DefaultLayers);
        ActivationAssert.Close($"{file} extract", stored["extract." + layer], model.Extract(images)[layer], reference.Tolerance(layer));
    }

    internal static GoldenReference Find(string file) => GoldenReference.All().Single(reference => "models/" + reference.File == file);

    /// <summary>The prepared array that the reference was made from: (3, H, W), in a file of its own or inside.</summary>
    internal static Tensor Input(GoldenReference reference, Dictionary<string, ReferenceArray> stored, Model model)
    {
        // The small set that comes along has the photo, not the array made of it; that the two agree is a test of its own.
        if (reference.Input != "inside" && !File.Exists(Goldens.PathOf("models/" + reference.Input)))
            return model.Prepare(ImageFile.Load(Goldens.PathOf("images/" + reference.Images[0])));
        ReferenceArray input = reference.Input == "inside" ? stored["input"] : ReferenceArray.Load(Goldens.PathOf("models/" + reference.Input));
        return Tensor.FromNchw(model.Device, 1, input.Shape[^3], input.Shape[^2], input.Shape[^1], input.As<float>());
    }

    /// <summary>The layers that the file stores and the model has.</summary>
    internal static string[] StoredLayers(GoldenReference reference, Dictionary<string, ReferenceArray> stored, Model model)
    {
        string[] layers = [.. stored.Keys.Where(key => key.EndsWith(".full", StringComparison.Ordinal) || key.EndsWith(".value", StringComparison.Ordinal))
            .Select(key => key[..key.LastIndexOf('.')]).Distinct().Where(name => !reference.NotLayers.Contains(name))];
        string[] present = [.. layers.Where(name => model.Options.Top || name is not ("avg_pool" or "fc1" or "fc2" or "predictions"))];
        Assert.True(model.Options.Top ? present.Length == layers.Length : present.Length > 0 || reference.Kind == "float64", $"{reference.File}: too few layers compared");
        return present;
    }
}
