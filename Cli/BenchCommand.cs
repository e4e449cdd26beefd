using System.CommandLine;
using NativeFree.Benchmarks;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Cli;

/// <summary><c>bench SERIES</c>: kernels and models beside ONNX Runtime and PyTorch in one run.</summary>
internal sealed class BenchCommand
{
    private readonly Option<int> threads = new("--threads") { Description = "Threads that compute, the same for every contender; 0: one per core.", HelpName = "N" };
    private readonly Option<int> rounds = new("--rounds") { Description = "Timed slots for each contender and piece of work.", DefaultValueFactory = _ => 5, HelpName = "N" };
    private readonly Option<string?> only = new("--only") { Description = "Only pieces of work whose name contains this.", HelpName = "TEXT" };
    private readonly Option<bool> noPeers = new("--no-peers") { Description = "Time this engine alone." };
    private readonly Option<string?> onnxRuntime = new("--onnxruntime") { Description = "Folder with onnxruntime-node (npm install --ignore-scripts onnxruntime-node); else the current folder and NODE_PATH.", HelpName = "DIR" };
    private readonly Option<string?> python = new("--python") { Description = "Python interpreter that has torch; else python3, then /usr/bin/python3.", HelpName = "PROGRAM" };
    private readonly Option<string?> twin = new("--twin") { Description = "A compiled C twin of the convolutions to run beside them (docs/engine.md).", HelpName = "PROGRAM" };
    private readonly Option<string?> weights = new("--weights") { Description = "Weight file to start with; else the bundled ResNet50, unpacked.", HelpName = "FILE" };
    private readonly Option<string?> network = new("--weights") { Description = "Weight file whose network is measured; else three networks with random weights.", HelpName = "FILE" };
    private readonly Option<bool> avx2 = new("--avx2") { Description = "Measure with 256-bit vectors, in a process with AVX-512 switched off; the series is called SERIES-avx2." };
    private readonly Option<bool> json = new("--json") { Description = "Print JSON." };
    private readonly Option<string?> save = new("--save") { Description = "Also write dated markdown into this folder, as Benchmarks/Results.", HelpName = "DIR" };
    private readonly Option<string?> readme = new("--readme") { Description = "Also replace the table between <!-- bench:SERIES --> and <!-- /bench:SERIES --> in this file.", HelpName = "FILE" };
    private readonly TextWriter output;
    private readonly TextWriter error;

    private BenchCommand(TextWriter output, TextWriter error)
    {
        this.output = output;
        this.error = error;
        foreach (Option<int> count in (Option<int>[])[threads, rounds])
        {
            count.Validators.Add(result =>
            {
                if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int n) && (n < (count == rounds ? 1 : 0) || n > 1024))
                    result.AddError($"{count.Name}: {(count == rounds ? "1" : "0")} to 1024; got {n}.");
            });
        }
    }

    private delegate BenchmarkReport Measurement(BenchmarkOptions options, TextWriter progress, CancellationToken cancel);

    /// <summary>The command with one subcommand a series.</summary>
    public static Command Create(TextWriter output, TextWriter error)
    {
        var bench = new BenchCommand(output, error);
        var command = new Command("bench", "Measures kernels and models beside ONNX Runtime and PyTorch, interleaved in one run, next to the machine's measured FMA peak.\n\nExample:\n  nativefree bench models --onnxruntime ~/peers --save Benchmarks/Results");
        command.Subcommands.Add(bench.Series("all", "The README's table: a selection of all the others in one run.", parsed => (options, progress, cancel) => OverviewBenchmark.Run(bench.Startup(parsed), options, progress, cancel), bench.weights));
        command.Subcommands.Add(bench.Series("gemm", "Matrix products.", _ => GemmBenchmark.Run));
        command.Subcommands.Add(bench.Series("conv", "Every convolution shape of ResNet50 and VGG16, batch 1.", _ => ConvolutionBenchmark.Run, bench.twin));
        command.Subcommands.Add(bench.Series("conv-gradients", "Input and filter gradients of ResNet50's convolutions, batch 8.", _ => ConvolutionBenchmark.RunGradients));
        command.Subcommands.Add(bench.Series("models", "ResNet50, VGG16 and GoogLeNet, batch 1 and 8.", _ => ModelsBenchmark.Run));
        command.Subcommands.Add(bench.Series("training", "Training steps of ResNet50, batch 8, and of the U-Net, batch 4.", _ => TrainingBenchmark.Run));
        command.Subcommands.Add(bench.Series("loading", "VGG16's 553 MB from the system's cache into a model.", _ => LoadingBenchmark.Run));
        command.Subcommands.Add(bench.Series("startup", "classify from the start of the process to the printed classes.", parsed => (options, progress, cancel) => StartupBenchmark.Run(bench.Startup(parsed), options, progress, cancel), bench.weights));
        command.Subcommands.Add(bench.Series("scaling", "A product, convolutions and networks on one thread and on all.", _ => ScalingBenchmark.Run));
        command.Subcommands.Add(bench.Series("half", "Networks with half-size weights beside float32: time, memory, what the answers lose.", parsed => (options, progress, cancel) => HalfBenchmark.Run(Loaded(parsed.GetValue(bench.network)), Pictures(), options, progress, cancel), bench.network));
        command.Subcommands.Add(Commands.BenchProfileCommand.Create(output, error));
        command.Subcommands.Add(Commands.PtxCommand.Create(output, error));
        Option<string> device = Commands.BenchGpuCommands.Device();
        command.Subcommands.Add(bench.Series("gpu", "Kernels of a GPU device beside CLBlast: SGEMM and the convolution 64 → 64, 3×3, 56².", parsed => (options, progress, cancel) => GpuPeersBenchmark.Run(options, parsed.GetRequiredValue(device), progress, cancel), device));
        command.Subcommands.Add(Commands.BenchGpuCommands.Kernel(output, error));
        command.Subcommands.Add(Commands.BenchGpuCommands.Tune(output, error));
        return command;
    }

    private Command Series(string name, string help, Func<ParseResult, Measurement> series, params ReadOnlySpan<Option> more)
    {
        var command = new Command(name, $"{help}\n\nExample:\n  nativefree bench {name} --save Benchmarks/Results");
        foreach (Option option in (Option[])[threads, rounds, only, noPeers, onnxRuntime, python, .. more, avx2, json, save, readme])
            command.Options.Add(option);
        command.SetWork(error, (parsed, cancel) => Run(series(parsed), parsed, cancel));
        return command;
    }

    private int Run(Measurement series, ParseResult parsed, CancellationToken cancel)
    {
        var options = new BenchmarkOptions
        {
            Threads = parsed.GetValue(threads),
            Rounds = parsed.GetValue(rounds),
            Only = parsed.GetValue(only),
            Peers = !parsed.GetValue(noPeers),
            OnnxRuntime = parsed.GetValue(onnxRuntime),
            Python = parsed.GetValue(python),
            Twin = parsed.CommandResult.Command.Options.Contains(twin) ? parsed.GetValue(twin) : null,
        };
        bool narrow = parsed.GetValue(avx2);
        if (narrow && !NarrowRun.IsHere)
            return NarrowRun.Run(parsed.Tokens.Select(token => token.Value), output, error, cancel);
        try
        {
            BenchmarkReport report = series(options, error, cancel);
            if (narrow)
                report = report with { Name = $"{report.Name}-avx2", What = report.What + NarrowRun.Remark };
            output.WriteLine(parsed.GetValue(json) ? BenchmarkReport.ToJson(report) : report.ToText());
            if (parsed.GetValue(save) is { } folder)
                error.WriteLine($"written to {report.Save(folder)}");
            if (parsed.GetValue(readme) is { } file)
                report.WriteInto(file);
            return CommandLine.Done;
        }
        catch (BenchmarkException e)
        {
            throw new InputException(e.Message);
        }
    }

    private static Model? Loaded(string? file) => file is null ? null : ModelLoader.Load(file, new LoadOptions { Device = CpuDevice.Default });

    private static Image[] Pictures() => [.. Directory.EnumerateFiles(BundledFiles.PathOf("images")).Order(StringComparer.Ordinal).Select(file => ImageFile.Load(file))];

    // This very program, started again: its executable, or the runtime with its dll.
    private StartupOptions Startup(ParseResult parsed)
    {
        string self = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [self, Path.Combine(AppContext.BaseDirectory, "nativefree.dll")] : [self];
        string file = parsed.GetValue(weights) ?? BundledFiles.PathOf("weights", "keras3_resnet50_top_seed1.h5.gz");
        return new StartupOptions(program, file, Directory.EnumerateFiles(BundledFiles.PathOf("images")).Order(StringComparer.Ordinal).First());
    }
}
