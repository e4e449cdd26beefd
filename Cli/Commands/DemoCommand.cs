using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Cli.Commands;

/// <summary><c>demo</c>: ResNet50 out of a Chainer and out of a Keras file, on the photos that come with the program, beside the numbers that Chainer and Keras computed.</summary>
internal static class DemoCommand
{
    private static readonly string[] WeightFiles = ["chainer_resnet50_seed1.npz", "keras3_resnet50_top_seed1.h5.gz"];

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("demo", "Loads ResNet50 from a Chainer and from a Keras file, classifies photos, extracts features and compares each number with the original framework's. Needs no network.\n\nExample:\n  nativefree demo --output features");
        var folder = new Option<string?>("--output") { Description = "A folder for the extracted features, one npz a model.", HelpName = "DIR" };
        command.Options.Add(folder);
        var common = new CommonOptions(command);
        command.SetWork(error, (parsed, cancellation) =>
        {
            Device device = common.Device(parsed);
            Introduce(output, device);
            double worst = 0;
            foreach (string file in WeightFiles)
            {
                cancellation.ThrowIfCancellationRequested();
                worst = Math.Max(worst, Show(output, file, device, parsed.GetValue(folder), cancellation));
            }
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference of all: {worst:0.0e+0} of a layer's largest value; the frameworks' own float32 rounding is about 1e-6, allowed here are {StoredActivations.Tolerance:0e+0}"));
            if (!(worst <= StoredActivations.Tolerance))
                throw new InputException("demo: the numbers agree with the original frameworks'; they do not on this machine; please report it with the table above");
            return CommandLine.Done;
        });
        return command;
    }

    private static void Introduce(TextWriter output, Device device)
    {
        output.WriteLine($"""
            ResNet50 on {device.Name}

            The weights that come with the program are synthetic: a pattern in the original files' formats, full size, not a trained network. Its classes mean nothing; its numbers can be checked.
            Trained weights are published by the frameworks:
            """);
        foreach (PublishedFile file in PublishedWeights.Files.Where(file => file.Model == "resnet50" && file.Top))
            output.WriteLine($"  {file.Origin.Text(),-9}  {file.FileName}  from {file.Source}");
        output.WriteLine();
    }

    /// <returns>The largest difference to the stored numbers, as a fraction of a layer's largest value.</returns>
    private static double Show(TextWriter output, string file, Device device, string? folder, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        Model model = ModelLoader.Load(BundledFiles.PathOf("weights", file), out LoadReport report, new LoadOptions { Device = device });
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"== {file}: {model}, {report}, {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s"));
        (string Name, Image Image)[] photos = [.. Directory.EnumerateFiles(BundledFiles.PathOf("images")).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), ImageFile.Load(path)))];
        Layers(output, model, photos[0].Image);
        cancellation.ThrowIfCancellationRequested();
        Answer(output, model, photos, folder);
        cancellation.ThrowIfCancellationRequested();
        return Compare(output, model, file, photos);
    }

    private static void Layers(TextWriter output, Model model, Image photo)
    {
        using var scope = new Scope();
        Tensor x = model.Prepare(photo);
        model.Measure(x); // the first run also compiles
        string[] stages = [.. model.AvailableLayers.Where(name => model.Origin == Origin.Chainer || name.EndsWith("_out", StringComparison.Ordinal) || name is "conv1_relu" or "pool1_pool" or "avg_pool" or "predictions")];
        output.WriteLine(model.Measure(x).FoldedTo(stages));
        output.WriteLine();
    }

    private static void Answer(TextWriter output, Model model, (string Name, Image Image)[] photos, string? folder)
    {
        using var scope = new Scope();
        string feature = model.DefaultLayers[0], probability = model.ProbabilityLayer!;
        var runner = new ModelRunner(model, [feature, probability]) { Expected = int.MaxValue }; // the demo shows the plan
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
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-14}  {top}; {feature}: {values[feature].Count} features of norm {norm:0.00}; {ms:0.0} ms"));
        }
        output.WriteLine();
        if (folder is null)
            return;
        Directory.CreateDirectory(folder);
        NpzWriter.Write(Path.Combine(folder, $"features_{model.Origin.Text()}.npz"), rows.Arrays());
    }

    private static double Compare(TextWriter output, Model model, string file, (string Name, Image Image)[] photos)
    {
        double worst = 0;
        foreach ((string reference, string photo) in StoredActivations.References(file))
        {
            using var scope = new Scope();
            using var stored = new StoredActivations(BundledFiles.PathOf("models", reference));
            IReadOnlyDictionary<string, Tensor> values = model.Extract(model.Prepare(photos.Single(each => each.Name == photo).Image), stored.Layers);
            (string layer, double difference) = stored.Compare(values);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{photo}: {stored.Count} numbers of {stored.Layers.Count} layers against {model.Origin.Text()}'s own; largest difference {difference:0.0e+0} of the layer's largest value, in {layer}"));
            worst = Math.Max(worst, difference);
        }
        output.WriteLine();
        return worst;
    }
}
