using System.Text.Json;
using NativeFree.Kernels;
using NativeFree.Loaders;

namespace NativeFree.Cli;

/// <summary>Samples of the activations that an original framework computed: per layer <c>.index</c> (flat, channels first), <c>.value</c>, <c>.stats</c> (mean, spread, largest magnitude), small layers <c>.full</c>.</summary>
internal sealed class StoredActivations : IDisposable
{
    /// <summary>About ten times the rounding noise of either framework, as a fraction of a layer's largest magnitude.</summary>
    public const double Tolerance = 2e-5;

    private readonly ArrayFile file;

    public StoredActivations(string path)
    {
        file = ArrayFile.Open(path);
        Layers = [.. file.Arrays.Where(entry => entry.Name.EndsWith(".value", StringComparison.Ordinal)).Select(entry => entry.Name[..^".value".Length])];
    }

    public IReadOnlyList<string> Layers { get; }

    /// <summary>Numbers stored.</summary>
    public long Count => Layers.Sum(layer => (file.Find(layer + ".full") ?? file[layer + ".value"]).Count);

    /// <summary>The references that were made with a weight file from a photo prepared whole, by file and photo.</summary>
    public static IEnumerable<(string Reference, string Photo)> References(string weights)
    {
        using JsonDocument index = JsonDocument.Parse(File.ReadAllText(BundledFiles.PathOf("models", "index.json")));
        return [.. index.RootElement.EnumerateObject()
            .Where(item => item.Value.GetProperty("kind").GetString() == "activations" && item.Value.GetProperty("input").GetString() != "inside"
                && item.Value.GetProperty("weights").EnumerateArray().Any(file => file.GetString() == weights))
            .Select(item => (item.Name, item.Value.GetProperty("image").GetString()!))];
    }

    /// <summary>The layer that differs most, and by which part of its largest magnitude; NaN counts as more than anything.</summary>
    public (string Layer, double Difference) Compare(IReadOnlyDictionary<string, Tensor> values)
    {
        (string Layer, double Difference) worst = (Layers[0], 0);
        foreach (string layer in Layers)
        {
            float[] got = values[layer].ToNchw();
            double largest = Read(layer + ".stats")[2];
            double[] full = file.Find(layer + ".full") is null ? [] : Read(layer + ".full"), samples = Read(layer + ".value"), index = Read(layer + ".index");
            double difference = 0;
            for (int i = 0; i < samples.Length; i++)
                difference = Larger(difference, Math.Abs(got[(int)index[i]] - samples[i]) / largest);
            for (int i = 0; i < full.Length; i++)
                difference = Larger(difference, Math.Abs(got[i] - full[i]) / largest);
            if (!(difference <= worst.Difference))
                worst = (layer, difference);
        }
        return worst;
    }

    public void Dispose() => file.Dispose();

    private static double Larger(double a, double b) => double.IsNaN(b) ? double.PositiveInfinity : Math.Max(a, b);

    private double[] Read(string name)
    {
        ArrayEntry entry = file[name];
        double[] values = new double[entry.Count];
        file.ReadDoubles(entry, values);
        return values;
    }
}
