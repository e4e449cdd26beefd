using System.Diagnostics;
using System.Globalization;
using NativeFree.Cli.Commands;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Cli.Story;

/// <summary>The demo's first half: ResNet50 out of a Chainer and out of a Keras file, on the photos that come with the program, beside the numbers that Chainer and Keras computed.</summary>
/// <param name="output">Where to tell.</param>
/// <param name="device">Where to compute.</param>
/// <param name="folder">Where the extracted features go, one npz a model.</param>
internal sealed class ImportedNetworks(TextWriter output, Device device, string folder)
{
    private static readonly string[] WeightFiles = ["chainer_resnet50_seed1.npz", "keras3_resnet50_top_seed1.h5.gz"];

    /// <exception cref="InputException">The numbers differ from the original frameworks' by more than rounding.</exception>
    public void Run(CancellationToken cancellation)
    {
        output.WriteLine($"""
            == Published formats: ResNet50 on {device.Name}
            The weights that come with the program are synthetic: a pattern in the original files' formats, full size, not a trained network. Its classes mean nothing; its numbers can be checked.
            Trained weights are published by the frameworks:
            """);
        foreach (PublishedFile file in PublishedWeights.Files.Where(file => file.Model == "resnet50" && file.Top))
            output.WriteLine($"  {file.Origin.Text(),-9}  {file.FileName}  from {file.Source}");
        output.WriteLine();
        double worst = 0;
        foreach (string file in WeightFiles)
        {
            cancellation.ThrowIfCancellationRequested();
            worst = Math.Max(worst, Show(file, cancellation));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference of all: {worst:0.0e+0} of a layer's largest value; the frameworks' own float32 rounding is about 1e-6, allowed here are {StoredActivations.Tolerance:0e+0}"));
        output.WriteLine();
        if (!(worst <= StoredActivations.Tolerance))
            throw new InputException("demo: the numbers agree with the original frameworks'; they do not on this machine; please report it with the table above");
    }

    /// <returns>The largest difference to the stored numbers, as a fraction of a layer's largest value.</returns>
    private double Show(string file, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        Model model = ModelLoader.Load(BundledFiles.PathOf("weights", file), out LoadReport report, new LoadOptions { Device = device });
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {model}, {report}, {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s"));
        (string Name, Image Image)[] photos = [.. Directory.EnumerateFiles(BundledFiles.PathOf("images")).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), ImageFile.Load(path)))];
        Answer(model, photos);
        cancellation.ThrowIfCancellationRequested();
        return Compare(model, file, photos);
    }

    private void Answer(Model model, (string Name, Image Image)[] photos)
    {
        using var scope = new Scope();
        string feature = model.DefaultLayers[0], probability = model.ProbabilityLayer!;
        var runner = new ModelRunner(model, [feature, probability]);
        var rows = new FeatureRows(channelsFirst: true);
        foreach ((string name, Image image) in photos)
        {
            long start = Stopwatch.GetTimestamp();
            IReadOnlyDictionary<string, Tensor> values = runner.Run(model.Prepare(image), default);
            double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            rows.Add(name, new Dictionary<string, Tensor> { [feature] = values[feature] });
            float[] probabilities = values[probability].ToArray();
            string top = string.Join(", ", ClassifyCommand.Top(probabilities, 3).Select(i => string.Create(CultureInfo.InvariantCulture, $"{ImageNetLabels.Names[i]} {probabilities[i]:0.000}")));
            double norm = Math.Sqrt(values[feature].ToArray().Sum(v => (double)v * v));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-14}  {top}; {feature}: {values[feature].Count} features of norm {norm:0.00}; {ms:0.0} ms"));
        }
        NpzWriter.Write(Path.Combine(folder, $"features_{model.Origin.Text()}.npz"), rows.Arrays());
    }

    private double Compare(Model model, string file, (string Name, Image Image)[] photos)
    {
        double worst = 0;
        foreach ((string reference, string photo) in StoredActivations.References(file))
        {
            using var scope = new Scope();
            using var stored = new StoredActivations(BundledFiles.PathOf("models", reference));
            IReadOnlyDictionary<string, Tensor> values = model.Extract(model.Prepare(photos.Single(each => each.Name == photo).Image), stored.Layers);
            (string layer, double difference) = stored.Compare(values);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {photo}: {stored.Count} numbers of {stored.Layers.Count} layers against {model.Origin.Text()}'s own; largest difference {difference:0.0e+0} of the layer's largest value, in {layer}"));
            worst = Math.Max(worst, difference);
        }
        return worst;
    }
}
