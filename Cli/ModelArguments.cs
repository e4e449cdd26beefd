using System.CommandLine;
using System.Diagnostics;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Cli;

/// <summary>Which network, which weights, and how pictures are prepared: the options that <c>classify</c> and <c>extract</c> share.</summary>
internal sealed class ModelArguments
{
    private readonly Argument<string[]> inputs = new("INPUT") { Description = "JPEG or PNG files, folders of them, or npy files of prepared float32 (N,3,H,W) or (3,H,W).", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> model = new("--model") { Description = $"{string.Join(", ", ModelZoo.Names)}; may be left out, since the weight file tells.", HelpName = "M" };
    private readonly Option<string?> weights = new("--weights") { Description = "A Keras h5, .weights.h5 or .keras or a Chainer npz, plain or in gzip; without it the caches of Keras and Chainer are searched.", HelpName = "FILE" };
    private readonly Option<string?> filter = new("--filter") { Description = "Resize with nearest, bilinear, bicubic or lanczos instead of the origin's filter.", HelpName = "NAME" };
    private readonly Option<bool> downsampleFb = new("--downsample-fb") { Description = "Chainer's ResNets with the stride on the 3×3 convolution; the file cannot tell." };
    private readonly Option<string?> stem = new("--stem") { Description = "The old Keras ResNet50: padded (pool 56², the default) or valid (55², Keras 1 to 2.1).", HelpName = "RULE" };

    private readonly Option<bool> partial = new("--partial") { Description = "Load what fits and name each array that does not; the rest of the network has its first, random values." };
    private readonly Option<bool> half = new("--half") { Description = "Half-size weights in dense layers and direct convolutions: less memory, rounded to 11 bits; on the CPU." };
    private readonly WeightNameOptions names;
    private readonly TextWriter error;

    public ModelArguments(Command command, TextWriter error)
    {
        this.error = error;
        command.Arguments.Add(inputs);
        foreach (Option option in (Option[])[model, weights, filter, downsampleFb, stem, partial, half])
            command.Options.Add(option);
        names = new WeightNameOptions(command);
        OneOf(model, ModelZoo.Names);
        OneOf(filter, [.. Enum.GetNames<ResizeFilter>().Select(name => name.ToLowerInvariant())]);
        OneOf(stem, ["padded", "valid"]);
    }

    public IReadOnlyList<string> Inputs(ParseResult parsed) => parsed.GetValue(inputs)!;

    public ResizeFilter? Filter(ParseResult parsed) => parsed.GetValue(filter) is { } name ? Enum.Parse<ResizeFilter>(name, ignoreCase: true) : null;

    /// <summary>How plans store weights.</summary>
    public WeightFormat Weights(ParseResult parsed) => parsed.GetValue(half) ? WeightFormat.Half : WeightFormat.Single;

    /// <summary>Loads the network; the file decides what may be left open.</summary>
    /// <exception cref="UsageException">Neither model nor weights are named, or a variant does not fit the file's model.</exception>
    public (Model Model, string File, TimeSpan Time) Load(ParseResult parsed, Device device)
    {
        long start = Stopwatch.GetTimestamp();
        string? name = parsed.GetValue(model);
        string path = parsed.GetValue(weights) ?? PublishedWeights.Find(name ?? throw new UsageException("classify and extract take --model M, --weights FILE, or both; got neither"));
        if (!File.Exists(path))
            throw new InputException($"{path}: --weights names a file; there is none at that path");
        try
        {
            Model loaded = ModelLoader.Load(path, out LoadReport report, names.Apply(parsed, new LoadOptions
            {
                AllowMissing = parsed.GetValue(partial),
                Model = name,
                DownsampleFacebook = parsed.GetValue(downsampleFb),
                ValidStem = parsed.GetValue(stem) == "valid",
                Device = device,
            }));
            foreach (string line in Skipped(report))
                error.WriteLine($"nativefree: {path}: {line}");
            return (loaded, path, Stopwatch.GetElapsedTime(start));
        }
        catch (ModelOptionsException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static IEnumerable<string> Skipped(LoadReport report) =>
    [
        .. report.Missing.Select(place => $"missing {place}, which has its first values"),
        .. report.Unused.Select(array => $"skipped {array}, for which {report.Model} has no place"),
        .. report.Misfits.Select(array => $"skipped {array.Array}: {array.FileShape} in the file, {array.ModelShape} in {report.Model}; {array.Path} has its first values"),
    ];

    /// <summary>Makes any other value a usage error that names the nearest.</summary>
    public static void OneOf(Option<string?> option, IReadOnlyList<string> values) => option.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<string?>() is { } value && !values.Contains(value))
            result.AddError($"{option.Name}: one of {string.Join(", ", values)}; got '{value}'; perhaps '{NearestName.Of(value, values)}'.");
    });
}
