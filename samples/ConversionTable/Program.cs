// Converts weight files to the other framework and back and writes what changed as a markdown table, docs/conversions.md.
//   dotnet run -c Release --project samples/ConversionTable -- WEIGHTS-FOLDER PHOTOS-FOLDER docs/conversions.md
// A model without a file in the folder is converted with its first values instead.
using System.Globalization;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: ConversionTable WEIGHTS PHOTOS OUT.md");
    return 2;
}

(string Model, Origin Origin, string File)[] cases =
[
    ("vgg16", Origin.Keras, "keras3_vgg16_top_seed1.h5.gz"), ("vgg16", Origin.Chainer, "chainer_vgg16_seed1.npz"),
    ("vgg19", Origin.Keras, ""), ("vgg19", Origin.Chainer, ""),
    ("resnet50", Origin.Keras, "keras3_resnet50_top_seed1.h5.gz"), ("resnet50", Origin.Chainer, "chainer_resnet50_seed1.npz"),
    ("resnet50", Origin.KerasOld, "keras2_resnet50_oldnames_seed1.h5.gz"),
    ("resnet101", Origin.Keras, ""), ("resnet101", Origin.Chainer, ""),
    ("resnet152", Origin.Keras, "keras3_resnet152_top_seed1.h5.gz"), ("resnet152", Origin.Chainer, "chainer_resnet152_seed1.npz"),
    ("googlenet", Origin.Chainer, "chainer_googlenet_seed1.npz"),
        ("unet-resnet50", Origin.Keras, "keras3_unet_resnet50_seed1.weights.h5.gz"),
];
List<Image> photos =
    [.. Directory.EnumerateFiles(args[1])
    .Where(file => file.EndsWith(".jpg", StringComparison.Ordinal) || file.EndsWith(".png", StringComparison.Ordinal))
    .Order(StringComparer.Ordinal).Select(file => ImageFile.Load(file))];
string folder = Directory.CreateTempSubdirectory("nativefree-conversion").FullName;
var rows = new List<string>();
try
{
    foreach ((string name, Origin origin, string stored) in cases)
    {
        string start = Path.Combine(args[0], stored), there = Path.Combine(folder, origin == Origin.Chainer ? "there.h5" : "there.npz"),
            back = Path.Combine(folder, origin == Origin.Chainer ? "back.npz" : "back.h5");
        if (stored.Length == 0)
        {
            start = Path.Combine(folder, origin == Origin.Chainer ? "first.npz" : "first.h5");
            ModelZoo.Create(name, new ModelOptions { Origin = origin }).Save(start);
        }
        ConversionReport first = ModelConverter.Convert(start, there), second = ModelConverter.Convert(there, back);
        Model original = ModelLoader.Load(start), converted = ModelLoader.Load(there), returned = ModelLoader.Load(back);
        Dictionary<string, Tensor> before = Arrays(original), after = Arrays(returned);
        int same = before.Count(item => after.TryGetValue(item.Key, out Tensor? value) && value.ToArray().AsSpan()
            .SequenceEqual(item.Value.ToArray()));
        string equal = original.Origin == returned.Origin ? $"{same} of {before.Count}" : "names of another origin";
        rows.Add(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {first.From.Text()} → {first.To.Text()} → {second.To.Text()} | {(stored.Length > 0 ? stored : "first values")} " +
                $"| {Difference(original, converted):g2} | {Difference(original, returned):g2} | {first.Changed.Count}, " +
                $"{second.Changed.Count} | {equal} |"));
        Console.WriteLine(rows[^1]);
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}
File.WriteAllLines(args[2],
[
    "# Conversions, measured",
    "",
    "Every model there and back with `nativefree convert`. *Difference*: the largest of any class probability (U-Net: of any pixel's) " +
        "over the photos, all prepared as the source's framework does. *Changed*: arrays that could",
    "not pass as they were, there and back; `convert` names each. *Equal*: weights and running statistics that are bit for bit those of " +
        "the source after both ways.",
    "",
    $"Measured over {photos.Count} photos by `dotnet run -c Release --project samples/ConversionTable -- WEIGHTS PHOTOS " +
        $"docs/conversions.md`. The weights are full-size networks filled with a pattern; the published ones take the same way.",
    "",
    "| model | way | source | difference there | difference there and back | changed | equal after both ways |",
    "|---|---|---|---|---|---|---|",
    .. rows,
    "",
    "- VGG is one network in both frameworks: every array passes bit for bit, fc6 ↔ fc1 with its rows in the other framework's order of " +
        "flattening.",
    "- ResNet is not. Chainer's residual blocks have no biases, so a bias goes into the running mean behind it (mean' = mean − bias) and " +
        "comes back as 0 with the mean kept: the arrays differ, what the network computes does not,",
    "  beyond the rounding of that subtraction. Epsilon (2e-5 in Chainer, 1.001e-5 in Keras, 1e-3 in the old ResNet50) belongs to the " +
        "framework and is in no file; neither is the border of the first pooling. Both show in the column",
    "  *difference there* and vanish on the way back.",
    "- The other way round, Chainer → Keras → Chainer, nothing is folded (the biases written are 0): every array comes back as it was.",
    "- GoogLeNet exists in Chainer alone and the U-Net in Keras alone: they keep their framework's names and layouts and change the " +
        "container, npz ↔ h5; both containers load.",
]);
return 0;

static Dictionary<string, Tensor> Arrays(Model model) => model.NamedParameters().Select(item => (item.Path, item.Parameter.Value))
    .Concat(model.NamedStatistics().Select(item => (item.Path, item.Statistic.Value)))
        .ToDictionary(item => item.Path, item => item.Value, StringComparer.Ordinal);

float Difference(Model a, Model b)
{
    float largest = 0;
    foreach (Image photo in photos)
    {
        using var scope = new Scope();
        Tensor x = a.Prepare(photo);
        string layerOfA = a.ProbabilityLayer ?? a.AvailableLayers[^1], layerOfB = b.ProbabilityLayer ?? b.AvailableLayers[^1];
        float[] p = a.Extract(x, [layerOfA])[layerOfA].ToArray(), q = b.Extract(x, [layerOfB])[layerOfB].ToArray();
        for (int i = 0; i < p.Length; i++)
        {
            if (!(Math.Abs(p[i] - q[i]) <= largest))
                largest = Math.Abs(p[i] - q[i]);
        }
    }
    return largest;
}
