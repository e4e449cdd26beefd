using System.CommandLine;
using System.CommandLine.Parsing;
using NativeFree.Autograd;
using NativeFree.Cli.Commands;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Loaders;

namespace NativeFree.Cli;

/// <summary>
/// The <c>nativefree</c> command: parses, runs one command and turns its end into an exit code. 0 done; 1 the input is at fault, said in one line; 2 wrong usage; 130 interrupted. Answers go to the output,
/// everything else to the error stream.
/// </summary>
internal static class CommandLine
{
    public const int Done = 0;
    public const int BadInput = 1;
    public const int BadUsage = 2;
    public const int Interrupted = 130;

    // After Ctrl-C a training ends its step and saves, which takes a while for a big network; two seconds, the rule, would cut it off.
    private static readonly TimeSpan TimeToSave = TimeSpan.FromMinutes(5);

    // In the order of the help. Making all of them, with every option, would cost each start some ten milliseconds.
    private static readonly (string Name, Func<TextWriter, TextWriter, Command> Create)[] Commands =
    [
        ("devices", DevicesCommand.Create),
        ("models", ModelsCommand.Create),
        ("inspect", InspectCommand.Create),
        ("classify", ClassifyCommand.Create),
        ("extract", ExtractCommand.Create),
        ("finetune", FinetuneCommand.Create),
        ("segment", CreateSegment),
        ("verify", VerifyCommand.Create),
        ("convert", ConvertCommand.Create),
        ("demo", DemoCommand.Create),
        ("bench", BenchCommand.Create),
    ];

    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        // The drivers take their time to tell what devices there are; meanwhile the command line is read.
        if (args is ["classify" or "extract", ..] && !args.Contains("--device"))
            _ = Task.Run(static () => DeviceCatalog.All);
        RootCommand root = Create(args is [var first, ..] ? first : "", output, error);
        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            error.WriteLine($"nativefree: {OneLine(parsed.Errors[0].Message)} Try 'nativefree {Names(parsed.CommandResult)}--help'.");
            return BadUsage;
        }
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        if (parsed.CommandResult.Command.Name is "finetune" or "train")
            configuration.ProcessTerminationTimeout = TimeToSave;
        return parsed.InvokeAsync(configuration).GetAwaiter().GetResult();
    }

    /// <summary>Runs a command's work away from the thread that waits for Ctrl-C, and answers what can go wrong.</summary>
    public static void SetWork(this Command command, TextWriter error, Func<ParseResult, CancellationToken, int> work) =>
        command.SetAction((parsed, cancellation) => Task.Run(() => Guarded(error, () => work(parsed, cancellation)), CancellationToken.None));

    /// <summary>The exceptions that say what is wrong with an input; anything else is a mistake of ours and keeps its stack trace.</summary>
    public static bool IsFaultOfInput(Exception e) =>
        e is WeightException or FileFormatException or ShapeException or DeviceException or UnknownLayerException or InputException or NonFiniteException or IOException or UnauthorizedAccessException;

    public static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();

    private static int Guarded(TextWriter error, Func<int> work)
    {
        try
        {
            return work();
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("nativefree: interrupted");
            return Interrupted;
        }
        catch (UsageException e)
        {
            error.WriteLine($"nativefree: {OneLine(e.Message)}");
            return BadUsage;
        }
        catch (Exception e) when (IsFaultOfInput(e))
        {
            error.WriteLine($"nativefree: {OneLine(e.Message)}");
            return BadInput;
        }
    }

    /// <summary>The command named, or all where none is: for help, and to say what a wrong word may have meant.</summary>
    private static RootCommand Create(string name, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Vision networks of Keras and Chainer on managed .NET: published weights in, the original numbers out.");
        bool known = Commands.Any(command => command.Name == name);
        foreach ((string each, Func<TextWriter, TextWriter, Command> create) in Commands)
        {
            if (!known || each == name)
                root.Subcommands.Add(create(output, error));
        }
        return root;
    }

    private static Command CreateSegment(TextWriter output, TextWriter error) => new("segment", "Networks that give each pixel a class: train and predict.")
    {
        SegmentTrainCommand.Create(output, error),
        SegmentPredictCommand.Create(output, error),
    };

    private static string Names(CommandResult result) => result.Command is RootCommand ? "" : (result.Parent is CommandResult parent ? Names(parent) : "") + result.Command.Name + " ";
}
