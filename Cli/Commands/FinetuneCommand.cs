using System.CommandLine;
using System.Globalization;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;
using NativeFree.Training;

namespace NativeFree.Cli.Commands;

/// <summary><c>finetune</c>: a network of the zoo for classes of one's own, with new classes in place of the old ones, or new layers on any of its layers.</summary>
internal sealed class FinetuneCommand
{
    private readonly Option<string?> model = new("--model") { Description = $"{string.Join(", ", Zoo)}; may be left out, since the weight file tells.", HelpName = "M" };
    private readonly Option<string?> tap = new("--tap") { Description = "Put new layers on this layer (pool5, fc7, res5, block5_pool …) instead of replacing the classes.", HelpName = "LAYER" };
    private readonly Option<string?> hidden = new("--hidden") { Description = "Outputs of the new layers before the classes, such as 512,128.", HelpName = "N,N" };
    private readonly Option<bool> average = new("--average") { Description = "Average the tap over its pixels before the new layers, instead of flattening it." };
    private readonly Option<float> dropout = new("--dropout") { Description = "What dropout behind each hidden layer drops.", HelpName = "X" };
    private readonly Option<string?> cache = new("--feature-cache") { Description = "Folder for the features of a frozen base, which are computed once (--tap with --freeze, without --augment); CKPT.features unless given.", HelpName = "DIR" };
    private readonly TrainingOptions options;
    private readonly CommonOptions common;

    private FinetuneCommand(Command command)
    {
        options = new TrainingOptions(
            command,
            "A folder with a folder of pictures for each class, or with two such in train and val; a CSV list path,label; the Pet set; Fashion-MNIST's files.",
            "A Keras or Chainer file or a checkpoint to begin with; none: begin with random weights; without the option the caches of Keras and Chainer are searched.");
        foreach (Option option in (Option[])[model, tap, hidden, average, dropout, cache])
            command.Options.Add(option);
        ModelArguments.OneOf(model, Zoo);
        hidden.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && Sizes(text) is null)
                result.AddError($"--hidden: 1 to 7 whole numbers above 0, with commas between them; got '{text}'.");
        });
        dropout.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && float.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out float ratio) && !(ratio is >= 0 and < 1))
                result.AddError($"--dropout: 0 to below 1; got {result.Tokens[0].Value}.");
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(dropout) is { Implicit: false } && result.GetValue(hidden) is null)
                result.AddError("--dropout: drops behind the layers of --hidden; give both.");
        });
        common = new CommonOptions(command);
    }

    private static string[] Zoo => [.. ModelZoo.Names.Where(name => !name.StartsWith("unet", StringComparison.Ordinal))];

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command(
            "finetune",
            "Trains a network for classes of your own.\n\nExamples:\n  nativefree finetune --data pets --model resnet50 --weights resnet50.h5 --base-lr-scale 0.1 --epochs 20 --output pets.npz\n"
            + "  nativefree finetune --data pets --weights vgg16.npz --tap pool5 --hidden 512,128 --freeze --output pets.npz\n  nativefree classify cat.jpg --weights pets.npz");
        var made = new FinetuneCommand(command);
        command.SetWork(error, (parsed, cancellation) => made.Run(parsed, output, error, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var run = new TrainingRun(parsed, options, common, output, error);
        run.RequirePlaces();
        TrainingData data = TrainingData.Classes(options.Data(parsed), options.Validation(parsed), common.Seed(parsed));
        run.SayLeftOut(data.LeftOut);
        Device device = common.Device(parsed);
        Model network;
        try
        {
            network = options.Resumes(parsed) ? Stored(parsed, device, data.Training.Classes) : Built(parsed, device, data.Training.Classes);
            network.OutputShape(new Shape(1, network.InputSize, network.InputSize, 3));
        }
        catch (ModelOptionsException e)
        {
            throw new UsageException(e.Message);
        }
        catch (ShapeException e) when (options.Size(parsed) is { } size)
        {
            throw TrainingOptions.WrongSize(size, e);
        }
        options.Prepare(parsed, network);
        ImageDataset training = Dataset(data.Training, network, options.Augmentation(parsed), common.Seed(parsed));
        ImageDataset? validation = data.Validation is null ? null : Dataset(data.Validation, network, null, 0);
        string settings = options.Settings(parsed, network.ToString(), network.InputSize.ToString(CultureInfo.InvariantCulture));
        if (network is not FineTuned { BaseFrozen: true } tuned || training.Augmentation is not null || options.Bad(parsed) == BadSamples.Skip)
            return run.Run(network, network, training, validation, validation, settings, cancellation);
        using FeatureDataset features = Features(parsed, tuned, training, run, cancellation);
        using FeatureDataset? checks = validation is null ? null : Features(parsed, tuned, validation, run, cancellation);
        return run.Run(network, tuned.NewLayers, features, checks, validation, settings, cancellation);
    }

    /// <summary>The model of the checkpoint that is resumed.</summary>
    private static Model Same(Model stored, string path, IReadOnlyList<string> classes) => stored.ClassNames is { } names && names.SequenceEqual(classes)
        ? stored
        : throw new InputException($"{path}: a run goes on with the classes it began with; it began with {string.Join(", ", stored.ClassNames ?? [])}; the data has {string.Join(", ", classes)}");

    private Model Stored(ParseResult parsed, Device device, IReadOnlyList<string> classes)
    {
        Model stored = ModelLoader.Load(options.Output(parsed), new LoadOptions { Device = device, Model = parsed.GetValue(model) });
        var tuned = stored as FineTuned;
        options.RequireSame(parsed, "--size", options.Size(parsed)?.ToString(CultureInfo.InvariantCulture), stored.InputSize.ToString(CultureInfo.InvariantCulture));
        options.RequireSame(parsed, "--tap", parsed.GetValue(tap), tuned?.Tap ?? "none");
        options.RequireSame(parsed, "--hidden", parsed.GetValue(hidden) is { } text ? string.Join(',', Sizes(text)!) : null, tuned is { NewLayerOptions.Hidden.Count: > 0 } ? string.Join(',', tuned.NewLayerOptions.Hidden) : "none");
        options.RequireSame(parsed, "--average", parsed.GetValue(average) ? "on" : null, tuned is { NewLayerOptions.Average: true } ? "on" : "off");
        options.RequireSame(parsed, "--dropout", parsed.GetResult(dropout) is { Implicit: false } ? parsed.GetValue(dropout).ToString("R", CultureInfo.InvariantCulture) : null, (tuned?.NewLayerOptions.Dropout ?? 0).ToString("R", CultureInfo.InvariantCulture));
        stored.Seed = common.Seed(parsed);
        return Same(stored, options.Output(parsed), classes);
    }

    private Model Built(ParseResult parsed, Device device, IReadOnlyList<string> classes)
    {
        Model network = Begun(parsed, device);
        network.Seed = common.Seed(parsed);
        int[] sizes = parsed.GetValue(hidden) is { } text ? Sizes(text)! : [];
        bool newLayers = parsed.GetValue(tap) is not null || sizes.Length > 0 || !network.Options.Top || parsed.GetValue(average);
        if (network.Name.StartsWith("unet", StringComparison.Ordinal))
            throw new InputException($"{options.Weights(parsed)}: finetune learns classes of pictures; this is {network}, which labels pixels; use segment train");
        if (newLayers)
            network = new FineTuned(network, parsed.GetValue(tap) ?? network.DefaultLayers[0], classes.Count, new NewLayerOptions { Hidden = sizes, Average = parsed.GetValue(average), Dropout = parsed.GetValue(dropout) });
        else
            network.ReplaceHeads(classes.Count);
        network.ClassNames = classes;
        return network;
    }

    private Model Begun(ParseResult parsed, Device device)
    {
        string? name = parsed.GetValue(model), path = options.Weights(parsed);
        if (path == "none")
        {
            Model fresh = ModelZoo.Create(name ?? throw new UsageException("finetune: random weights are of some model; name it with --model"), new ModelOptions { InputSize = options.Size(parsed) });
            fresh.To(device);
            return fresh;
        }
        path ??= PublishedWeights.Find(name ?? throw new UsageException("finetune takes --model M, --weights FILE, or both; got neither"));
        if (!File.Exists(path))
            throw new InputException($"{path}: --weights names a file; there is none at that path");
        return ModelLoader.Load(path, new LoadOptions { Model = name, InputSize = options.Size(parsed), Device = device });
    }

    private FeatureDataset Features(ParseResult parsed, FineTuned tuned, ImageDataset pictures, TrainingRun run, CancellationToken cancellation)
    {
        string folder = parsed.GetValue(cache) ?? options.Output(parsed) + ".features";
        if (File.Exists(folder))
            throw new InputException($"{folder}: features of a frozen base are kept in a folder; a file lies there; name another with --feature-cache");
        long last = 0;
        return FeatureDataset.Open(tuned, pictures, folder, options.Batch(parsed), done =>
        {
            if (last != 0 && System.Diagnostics.Stopwatch.GetElapsedTime(last) < TimeSpan.FromSeconds(10) && done < pictures.Count)
                return;
            last = System.Diagnostics.Stopwatch.GetTimestamp();
            run.Say(string.Create(CultureInfo.InvariantCulture, $"features of {tuned.Tap}: {done}/{pictures.Count}"));
        }, cancellation);
    }

    private static ImageDataset Dataset(ImageList list, Model network, Augmentation? augmentation, int seed) =>
        new(list, new ImageDatasetOptions(network.InputSize, network.InputSize) { Preprocessing = network.Preprocessing, Augmentation = augmentation, Seed = seed });

    private static int[]? Sizes(string text)
    {
        var sizes = new List<int>();
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size) || size < 1)
                return null;
            sizes.Add(size);
        }
        return sizes.Count <= 7 ? [.. sizes] : null;
    }
}
