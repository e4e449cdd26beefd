using System.CommandLine;
using NativeFree.Benchmarks;

namespace NativeFree.Cli.Commands;

/// <summary><c>bench ptx DIR</c>: the PTX of every kernel as files.</summary>
internal static class PtxCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("ptx", "Writes the PTX of every GPU kernel, compiled for sm_80 by clang 16, for ptxas elsewhere.\n\nExample:\n  nativefree bench ptx kernels && ptxas -arch=sm_80 -v kernels/OptimizerKernels.Adam.ptx");
        var folder = new Argument<string>("DIR") { Description = "Folder for the files; made if missing." };
        var only = new Option<string?>("--only") { Description = "Only kernels whose name contains this.", HelpName = "TEXT" };
        command.Arguments.Add(folder);
        command.Options.Add(only);
        command.SetWork(error, (parsed, cancellation) =>
        {
            string target = parsed.GetValue(folder)!;
            IReadOnlyList<string> files;
            try
            {
                files = PtxExport.Write(target, parsed.GetValue(only), cancellation);
            }
            catch (BenchmarkException e)
            {
                throw new InputException(e.Message);
            }
            foreach (string file in files)
                output.WriteLine(file);
            output.WriteLine($"{files.Count} {(files.Count == 1 ? "kernel" : "kernels")} for {OfflineCompiler.Ptx.Name} in {target}");
            return CommandLine.Done;
        });
        return command;
    }
}
