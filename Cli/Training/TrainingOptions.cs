using System.CommandLine;
using System.Globalization;
using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Cli;

/// <summary>The options that <c>finetune</c> and <c>segment train</c> share, and what they make: an optimizer, callbacks' settings, an augmentation.</summary>
internal sealed class TrainingOptions
{
    private readonly Option<string> data = new("--data") { Required = true, HelpName = "PATH" };
    private readonly Option<string?> weights = new("--weights") { HelpName = "FILE" };
    private readonly Option<string> output = new("--output") { Description = "The checkpoint to write after every epoch; a weight file too.", Required = true, HelpName = "CKPT" };
    private readonly Option<int> epochs = new("--epochs") { Description = "Epochs of the whole run.", DefaultValueFactory = _ => 10, HelpName = "N" };
    private readonly Option<double> rate = new("--lr") { Description = "Learning rate.", DefaultValueFactory = _ => 1e-3, HelpName = "X" };
    private readonly Option<string?> optimizer = new("--optimizer") { Description = "adam (the default), momentum (0.9) or sgd.", HelpName = "NAME" };
    private readonly Option<int> batch = new("--batch") { Description = "Pictures a step.", DefaultValueFactory = _ => 16, HelpName = "N" };
    private readonly Option<int?> size = new("--size") { Description = "Rows and columns that pictures are resized to, instead of the model's own.", HelpName = "N" };
    private readonly Option<bool> freeze = new("--freeze") { Description = "Leave the pretrained part as it is, batch norms' statistics included." };
    private readonly Option<float?> baseScale = new("--base-lr-scale") { Description = "Learning rate of the pretrained part, in parts of --lr: 0.1 slows it down.", HelpName = "X" };
    private readonly Option<double> validation = new("--validation") { Description = "Share of the pictures that is held out to validate with, where the data has no part for it; 0 for none.", DefaultValueFactory = _ => 0.2, HelpName = "X" };
    private readonly Option<int?> patience = new("--patience") { Description = "Stop when the validation loss (without validation: the loss) has not become lower for N epochs, and put the best weights back.", HelpName = "N" };
    private readonly Option<bool> augment = new("--augment") { Description = "Turn, mirror, crop and tint the pictures at random, masks in step." };
    private readonly Option<bool> skipBad = new("--skip-bad") { Description = "Leave pictures that cannot be read out and name them, instead of stopping at the first." };
    private readonly Option<bool> resume = new("--resume") { Description = "Go on where the checkpoint at --output stopped; without one, begin." };
    private readonly Option<string?> log = new("--log") { Description = "A CSV file with a line an epoch.", HelpName = "FILE" };
    private readonly Option<string?> report = new("--report") { Description = "An HTML page with curves, results and validation pictures, when the run has ended.", HelpName = "FILE" };
    private readonly Option<string?> export = new("--export") { Description = "Write the final weights as Keras's .h5 or Chainer's .npz too, as the model's origin is.", HelpName = "FILE" };

    public TrainingOptions(Command command, string dataHelp, string weightsHelp)
    {
        data.Description = dataHelp;
        weights.Description = weightsHelp;
        foreach (Option option in (Option[])[data, weights, output, epochs, rate, optimizer, batch, size, freeze, baseScale, validation, patience, augment, skipBad, resume, log, report, export])
            command.Options.Add(option);
        ModelArguments.OneOf(optimizer, ["adam", "momentum", "sgd"]);
        AtLeast(epochs, 0);
        AtLeast(batch, 1);
        size.Validators.Add(result => RequireWhole(result, "--size", 1));
        patience.Validators.Add(result => RequireWhole(result, "--patience", 0));
        rate.Validators.Add(result => RequireRange(result, "--lr: above 0 and finite", 0, double.MaxValue, open: true));
        baseScale.Validators.Add(result => RequireRange(result, "--base-lr-scale: 0 or more and finite", 0, float.MaxValue, open: false));
        validation.Validators.Add(result => RequireRange(result, "--validation: 0 to below 1", 0, Math.BitDecrement(1.0), open: false));
        command.Validators.Add(result =>
        {
            if (result.GetValue(freeze) && result.GetResult(baseScale) is { Implicit: false })
                result.AddError("--freeze and --base-lr-scale: one or the other; a frozen part has no learning rate.");
        });
    }

    public string Data(ParseResult parsed) => parsed.GetValue(data)!;

    public string? Weights(ParseResult parsed) => parsed.GetValue(weights);

    public string Output(ParseResult parsed) => parsed.GetValue(output)!;

    public int Epochs(ParseResult parsed) => parsed.GetValue(epochs);

    public int Batch(ParseResult parsed) => parsed.GetValue(batch);

    public int? Size(ParseResult parsed) => parsed.GetValue(size);

    public double Validation(ParseResult parsed) => parsed.GetValue(validation);

    public int? Patience(ParseResult parsed) => parsed.GetValue(patience);

    public bool Freeze(ParseResult parsed) => parsed.GetValue(freeze);

    public string? Log(ParseResult parsed) => parsed.GetValue(log);

    public string? Report(ParseResult parsed) => parsed.GetValue(report);

    public string? Export(ParseResult parsed) => parsed.GetValue(export);

    public BadSamples Bad(ParseResult parsed) => parsed.GetValue(skipBad) ? BadSamples.Skip : BadSamples.Refuse;

    public Augmentation? Augmentation(ParseResult parsed) => parsed.GetValue(augment) ? new Augmentation() : null;

    /// <summary>Whether a checkpoint is there and is to be resumed from.</summary>
    public bool Resumes(ParseResult parsed) => parsed.GetValue(resume) && File.Exists(Output(parsed));

    /// <summary>What is said of a <c>--size</c> that the network cannot take.</summary>
    public static InputException WrongSize(int size, ShapeException e) =>
        new(string.Create(CultureInfo.InvariantCulture, $"--size: pictures have a size that every layer can take; got {size}; {e.Message.TrimEnd('.')}; leave it out, or take another"));

    /// <summary>Refuses an option of a resumed run that gives its network another form than it has; one that is left out takes what is there.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">What is called differently, such as <c>--tap</c>.</param>
    /// <param name="given">Its value as text, or null where it is left out.</param>
    /// <param name="stored">The network's.</param>
    /// <exception cref="InputException">They differ.</exception>
    public void RequireSame(ParseResult parsed, string option, string? given, string stored)
    {
        if (given is not null && given != stored)
            throw new InputException($"{Output(parsed)}: a run goes on with the options it began with; it began with {option} {stored}, got {given}; leave it out, or begin a new run");
    }

    /// <summary>Freezes or slows the pretrained part.</summary>
    public void Prepare(ParseResult parsed, Model model)
    {
        if (parsed.GetValue(freeze))
            model.FreezeBase();
        if (parsed.GetValue(baseScale) is { } scale)
            model.SetBaseLearningRateScale(scale);
    }

    /// <summary>Keras's Adam for models of Keras, Chainer's for those of Chainer: they differ in epsilon.</summary>
    public Optimizer Optimizer(ParseResult parsed, Model model, IEnumerable<Parameter> parameters)
    {
        LearningRate schedule = parsed.GetValue(rate);
        return parsed.GetValue(optimizer) switch
        {
            "momentum" => new MomentumSgd(parameters, schedule),
            "sgd" => new Sgd(parameters, schedule),
            _ => new Adam(parameters, schedule, new AdamOptions { Epsilon = model.Origin == Origin.Chainer ? 1e-8 : 1e-7 }),
        };
    }

    /// <summary>Everything that a resumed run must have as it was: what its numbers depend on.</summary>
    public string Settings(ParseResult parsed, params ReadOnlySpan<string> further) => string.Create(
        CultureInfo.InvariantCulture,
        $"--lr {parsed.GetValue(rate)} --optimizer {parsed.GetValue(optimizer) ?? "adam"} --base-lr-scale {parsed.GetValue(baseScale) ?? 1} freeze {parsed.GetValue(freeze)} augment {parsed.GetValue(augment)} --validation {parsed.GetValue(validation)} --patience {parsed.GetValue(patience) ?? -1} {string.Join(' ', further)}");

    private static void AtLeast(Option<int> option, int least) => option.Validators.Add(result => RequireWhole(result, option.Name, least));

    private static void RequireWhole(System.CommandLine.Parsing.OptionResult result, string name, int least)
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int n) && n < least)
            result.AddError($"{name}: at least {least}; got {n}.");
    }

    private static void RequireRange(System.CommandLine.Parsing.OptionResult result, string rule, double low, double high, bool open)
    {
        if (result.Tokens.Count == 1 && double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out double x) && !((open ? x > low : x >= low) && x <= high))
            result.AddError($"{rule}; got {result.Tokens[0].Value}.");
    }
}
