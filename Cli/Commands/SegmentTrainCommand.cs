using System.CommandLine;
using System.Globalization;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Cli.Commands;

/// <summary><c>segment train</c>: a U-Net that gives each pixel a class, fresh, on a pretrained encoder, or going on from another file.</summary>
internal sealed class SegmentTrainCommand
{
    private static readonly string[] Networks = ["unet-resnet50", "unet"];

    private readonly Option<string?> model = new("--model") { Description = "unet-resnet50 (the default), which answers at half its input's size, or unet, padded.", HelpName = "M" };
    private readonly Option<int?> width = new("--width") { Description = "Channels of the U-Net's first step, 64 unless given; smaller networks train fast.", HelpName = "N" };
    private readonly TrainingOptions options;
    private readonly CommonOptions common;

    private SegmentTrainCommand(Command command)
    {
        options = new TrainingOptions(
            command,
            "A folder in the layout of Oxford-IIIT Pet: images/, annotations/trimaps/, annotations/trainval.txt.",
            "A U-Net's file or checkpoint, or a Keras ResNet50 (with or without top) for the encoder; random weights without it.");
        command.Options.Add(model);
        command.Options.Add(width);
        ModelArguments.OneOf(model, Networks);
        width.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int n) && n < 1)
                result.AddError($"--width: at least 1; got {n}.");
        });
        common = new CommonOptions(command);
    }

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command(
            "train",
            "Trains a U-Net on pictures with masks.\n\nExample:\n  nativefree segment train --data oxford-iiit-pet --weights resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5 --augment --patience 5 --epochs 50 --output pets.npz");
        var made = new SegmentTrainCommand(command);
        command.SetWork(error, (parsed, cancellation) => made.Run(parsed, output, error, cancellation));
        return command;
    }

    private int Run(ParseResult parsed, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var run = new TrainingRun(parsed, options, common, output, error);
        run.RequirePlaces();
        TrainingData data = TrainingData.Masks(options.Data(parsed), options.Validation(parsed), common.Seed(parsed));
        run.SayLeftOut(data.LeftOut);
        Model network;
        Shape answer;
        try
        {
            network = Network(parsed, common.Device(parsed), data.Training.Classes);
            answer = network.OutputShape(new Shape(1, network.InputSize, network.InputSize, 3));
        }
        catch (ModelOptionsException e)
        {
            throw new UsageException(e.Message);
        }
        catch (ShapeException e) when (options.Size(parsed) is { } size)
        {
            throw TrainingOptions.WrongSize(size, e);
        }
        network.ClassNames = data.Training.Classes;
        options.Prepare(parsed, network);
        var inputs = new ImageDatasetOptions(network.InputSize, network.InputSize) { MaskHeight = answer[1], MaskWidth = answer[2], Preprocessing = network.Preprocessing };
        var training = new ImageDataset(data.Training, inputs with { Augmentation = options.Augmentation(parsed), Seed = common.Seed(parsed) });
        ImageDataset? validation = data.Validation is null ? null : new ImageDataset(data.Validation, inputs);
        string settings = options.Settings(parsed, network.ToString(), network.InputSize.ToString(CultureInfo.InvariantCulture));
        return run.Run(network, network, training, validation, validation, settings, cancellation);
    }

    private Model Network(ParseResult parsed, Device device, IReadOnlyList<string> classes)
    {
        if (options.Resumes(parsed))
            return Seeded(parsed, UNetOf(options.Output(parsed), parsed, device, out _), classes, exactly: options.Output(parsed));
        if (options.Weights(parsed) is not { } path || path == "none")
            return Seeded(parsed, Fresh(parsed, device, classes), classes);
        if (!File.Exists(path))
            throw new InputException($"{path}: --weights names a file; there is none at that path");
        Model loaded = UNetOf(path, parsed, device, out Model? encoder);
        if (encoder is null)
            return Seeded(parsed, loaded, classes);
        if (Fresh(parsed, device, classes) is not UNetResNet50 network)
            throw new UsageException($"segment train: --model unet has no pretrained encoder; got {encoder} in {path}; leave --model or --weights out");
        network.TakeEncoder(encoder);
        return Seeded(parsed, network, classes);
    }

    /// <summary>What the file holds: a U-Net, or a network that may serve as an encoder.</summary>
    private Model UNetOf(string path, ParseResult parsed, Device device, out Model? encoder)
    {
        Model loaded = ModelLoader.Load(path, new LoadOptions { Device = device, InputSize = options.Size(parsed) });
        bool isUNet = Networks.Contains(loaded.Name);
        if (isUNet && parsed.GetValue(model) is { } wanted && wanted != loaded.Name)
            throw new InputException($"{path}: the file holds the model asked for; asked for {wanted}, it is {loaded}");
        if (isUNet && parsed.GetValue(width) is { } asked && asked != (loaded.Options.Width ?? 64))
            throw new InputException($"{path}: a network keeps the width that it has; asked for --width {asked}, it is {loaded.Options.Width ?? 64}; leave it out, or begin with random weights");
        encoder = isUNet ? null : loaded;
        return loaded;
    }

    private Model Fresh(ParseResult parsed, Device device, IReadOnlyList<string> classes)
    {
        string name = parsed.GetValue(model) ?? Networks[0];
        var made = new ModelOptions { Classes = classes.Count, Width = parsed.GetValue(width), InputSize = options.Size(parsed), SamePadding = name == "unet" };
        Model network = ModelZoo.Create(name, made);
        network.To(device);
        return network;
    }

    /// <summary>Fits the last layer to the classes; a run that is resumed must have them already.</summary>
    private Model Seeded(ParseResult parsed, Model network, IReadOnlyList<string> classes, string? exactly = null)
    {
        network.Seed = common.Seed(parsed);
        if (exactly is not null && network.ClassNames?.SequenceEqual(classes) != true)
            throw new InputException($"{exactly}: a run goes on with the classes it began with; it began with {string.Join(", ", network.ClassNames ?? [])}; the data has {string.Join(", ", classes)}");
        if (network.Classes != classes.Count)
            network.ReplaceHeads(classes.Count);
        return network;
    }
}
