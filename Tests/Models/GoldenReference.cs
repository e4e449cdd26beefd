using System.Text.Json;

namespace NativeFree.Tests;

/// <summary>One stored reference of <c>models/index.json</c>: what a framework computed for one input, and with which weights.</summary>
internal sealed record GoldenReference(string File, string Kind, string Model, string Origin, string? Input, IReadOnlyList<string> Images, IReadOnlyList<string> Weights, IReadOnlySet<string> NotLayers)
{
    internal static IReadOnlyList<GoldenReference> All()
    {
        string index = Goldens.PathOf("models/index.json");
        if (!System.IO.File.Exists(index))
            return [];
        using JsonDocument json = JsonDocument.Parse(System.IO.File.ReadAllText(index));
        return [.. json.RootElement.EnumerateObject().Select(item => new GoldenReference(
            item.Name,
            item.Value.GetProperty("kind").GetString()!,
            item.Value.GetProperty("model").GetString()!,
            item.Value.GetProperty("origin").GetString()!,
            item.Value.TryGetProperty("input", out JsonElement input) ? input.GetString() : null,
            item.Value.TryGetProperty("images", out JsonElement images) ? [.. images.EnumerateArray().Select(image => image.GetString()!)] : [item.Value.GetProperty("image").GetString()!],
            [.. item.Value.GetProperty("weights").EnumerateArray().Select(file => file.GetString()!)],
            item.Value.TryGetProperty("not_layers", out JsonElement derived) ? derived.EnumerateObject().Select(name => name.Name).ToHashSet() : []))];
    }

    /// <summary>
    /// Allowed |difference| as a fraction of the layer's largest magnitude: README.chainer.md §2 and README.keras.md give these numbers, about ten times the frameworks' own float32 noise. VGG's patterned weights
    /// amplify any difference layer by layer.
    /// </summary>
    internal double Tolerance(string layer) => (Origin, Model) switch
    {
        ("chainer", "vgg16" or "vgg19") => VggTolerance(layer),
        ("chainer", "googlenet") => layer is "pool4" or "inception_5a" or "inception_5b" or "pool5" or "loss3_fc" or "prob" ? 5e-5 : 2e-5,
        ("chainer", _) => 2e-5,
        (_, "vgg16" or "vgg19") when File.Contains("seed", StringComparison.Ordinal) => 3e-5,
        _ => 1e-5,
    };

    private static double VggTolerance(string layer) => layer switch
    {
        "fc7" => 1e-4,
        _ when layer.StartsWith("conv4", StringComparison.Ordinal) || layer == "pool4" => 1e-4,
        _ when layer.StartsWith("conv5", StringComparison.Ordinal) || layer is "pool5" or "fc6" or "fc8" or "prob" => 5e-4,
        _ => 3e-5,
    };
}
