using System.CommandLine;
using NativeFree.Benchmarks;

namespace NativeFree.Cli;

/// <summary><c>bench SERIES</c>: kernels and models beside ONNX Runtime and PyTorch in one run.</summary>
internal static class BenchCommand
{
    private static readonly (string Name, string Help, Func<BenchmarkOptions, TextWriter, CancellationToken, BenchmarkReport> Run)[] Series =
    [
        ("gemm", "matrix products", GemmBenchmark.Run),
        ("conv", "every convolution shape of ResNet50 and VGG16", ConvolutionBenchmark.Run),
        ("conv-gradients", "input and filter gradients of ResNet50's convolutions, batch 8", ConvolutionBenchmark.RunGradients),
        ("models", "ResNet50, VGG16 and GoogLeNet, batch 1 and 8", ModelsBenchmark.Run),
        ("training", "training steps of ResNet50, batch 8, and the U-Net, batch 4", TrainingBenchmark.Run),
    ];

    private static readonly Option<int> Threads = new("--threads") { Description = "threads that compute, the same for every contender; 0: one per core" };
    private static readonly Option<int> Rounds = new("--rounds") { Description = "timed slots for each contender and piece of work", DefaultValueFactory = _ => 5 };
    private static readonly Option<string?> Only = new("--only") { Description = "only pieces of work whose name contains this" };
    private static readonly Option<bool> NoPeers = new("--no-peers") { Description = "time this engine alone" };
    private static readonly Option<string?> OnnxRuntime = new("--onnxruntime") { Description = "folder with onnxruntime-node (npm install --ignore-scripts onnxruntime-node); else the current folder and NODE_PATH" };
    private static readonly Option<string?> Python = new("--python") { Description = "Python interpreter that has torch; else python3, then /usr/bin/python3" };
    private static readonly Option<string?> Twin = new("--twin") { Description = "compiled C twin of the convolutions, run beside conv" };
    private static readonly Option<bool> Json = new("--json") { Description = "print JSON" };
    private static readonly Option<string?> Save = new("--save") { Description = "also write dated markdown into this folder (Benchmarks/Results)" };
    private static readonly Option<string?> Readme = new("--readme") { Description = "also replace the table between <!-- bench:SERIES --> and <!-- /bench:SERIES --> in this file" };

    /// <summary>The command with one subcommand a series.</summary>
    public static Command Create()
    {
        var bench = new Command("bench", "Measures kernels and models beside ONNX Runtime and PyTorch, interleaved in one run, next to the machine's measured FMA peak.\nExample: nativefree bench gemm --onnxruntime ~/peers");
        foreach ((string name, string help, Func<BenchmarkOptions, TextWriter, CancellationToken, BenchmarkReport> run) in Series)
        {
            var command = new Command(name, help);
            foreach (Option option in (Option[])[Threads, Rounds, Only, NoPeers, OnnxRuntime, Python, Twin, Json, Save, Readme])
                command.Options.Add(option);
            command.SetAction((parsed, cancel) => Task.FromResult(Run(run, parsed, cancel)));
            bench.Subcommands.Add(command);
        }
        return bench;
    }

    private static int Run(Func<BenchmarkOptions, TextWriter, CancellationToken, BenchmarkReport> series, ParseResult parsed, CancellationToken cancel)
    {
        var options = new BenchmarkOptions
        {
            Threads = parsed.GetValue(Threads),
            Rounds = Math.Max(parsed.GetValue(Rounds), 1),
            Only = parsed.GetValue(Only),
            Peers = !parsed.GetValue(NoPeers),
            OnnxRuntime = parsed.GetValue(OnnxRuntime),
            Python = parsed.GetValue(Python),
            Twin = parsed.GetValue(Twin),
        };
        try
        {
            BenchmarkReport report = series(options, Console.Error, cancel);
            Console.Out.WriteLine(parsed.GetValue(Json) ? BenchmarkReport.ToJson(report) : report.ToText());
            if (parsed.GetValue(Save) is { } folder)
                Console.Error.WriteLine($"written to {report.Save(folder)}");
            if (parsed.GetValue(Readme) is { } readme)
                report.WriteInto(readme);
            return 0;
        }
        catch (Exception e) when (e is BenchmarkException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
