using System.CommandLine;
using NativeFree.Benchmarks;
using NativeFree.Kernels;

namespace NativeFree.Cli.Commands;

/// <summary><c>bench kernel</c>, <c>bench tune</c>, <c>bench gpu</c>: the kernels of GPU devices, seen, tuned and beside CLBlast; <c>bench tune --device cpu</c> tunes the SIMD engine.</summary>
internal static class BenchGpuCommands
{
    /// <summary><c>bench kernel NAME --source --resources</c>.</summary>
    public static Command Kernel(TextWriter output, TextWriter error)
    {
        var name = new Argument<string>("NAME") { Description = "Part of the name of a kernel or a piece of work: sgemm, conv, softmax, ProductKernels.Tiled …" };
        Option<string> device = Device();
        var source = new Option<bool>("--source") { Description = "Print the OpenCL C that the kernels became." };
        var resources = new Option<bool>("--resources") { Description = "Print registers, occupancy, shared memory and spills on gfx90a, gfx1100 and sm_80, where clang 16 is installed." };
        Option<int> rounds = Rounds("Timed slots for each variant; 0 times nothing.", 0);
        var command = new Command("kernel", "Shows a kernel: variants side by side with time, GFLOP/s and share of the device's measured peak; source; what it takes on real GPUs.\n\nExample:\n  nativefree bench kernel conv --device opencl:0 --resources");
        command.Arguments.Add(name);
        foreach (Option option in (Option[])[device, source, resources, rounds])
            command.Options.Add(option);
        command.SetWork(error, (parsed, cancel) => Answer(() => KernelBenchmark.Run(
            new KernelQuestion(parsed.GetRequiredValue(name), parsed.GetRequiredValue(device), parsed.GetValue(source), parsed.GetValue(resources), parsed.GetValue(rounds)), output, cancel)));
        return command;
    }

    /// <summary><c>bench tune --save FILE</c>.</summary>
    public static Command Tune(TextWriter output, TextWriter error)
    {
        Option<string> device = Device("cpu, opencl:N or cuda:N.");
        var threads = new Option<int>("--threads") { Description = "Threads of the SIMD engine; 0: one per core.", HelpName = "N" };
        Option<int> rounds = Rounds("Timed rounds for each variant.", 1);
        var only = new Option<string?>("--only") { Description = "Only shapes whose name contains this; the others keep their choice.", HelpName = "TEXT" };
        var save = new Option<string?>("--save") { Description = "Write the table here.", HelpName = "FILE" };
        var print = new Option<bool>("--print") { Description = "Measure nothing; print the choices that the device has." };
        var command = new Command("tune", $"Measures every variant of the products on the shapes of ResNet50 and VGG16, and for the SIMD engine (--device cpu) every way of the convolutions of all networks. The table takes effect where {KernelChoices.Variable}, for the SIMD engine {KernelChoices.CpuVariable}, names it: nothing else changes what a device runs.\n\nExample:\n  nativefree bench tune --device cpu --save my.choices");
        foreach (Option option in (Option[])[device, threads, rounds, only, save, print])
            command.Options.Add(option);
        command.SetWork(error, (parsed, cancel) => Answer(() =>
        {
            string on = parsed.GetRequiredValue(device);
            if (parsed.GetValue(print))
            {
                if (on == "cpu")
                    CpuTuneBenchmark.Print(output);
                else
                    TuneBenchmark.Print(on, output);
                return;
            }
            if (parsed.GetValue(save) is { } place)
                WritablePlace.Require(place);
            ChoiceTable table = on == "cpu"
                ? CpuTuneBenchmark.Run(parsed.GetValue(threads), parsed.GetValue(only), parsed.GetValue(rounds), output, cancel)
                : TuneBenchmark.Run(on, parsed.GetValue(only), parsed.GetValue(rounds), output, cancel);
            if (parsed.GetValue(save) is not { } file)
            {
                output.WriteLine("Not saved; --save FILE keeps the table.");
                return;
            }
            table.Save(file, table.Origin);
            output.WriteLine($"{table.Entries.Count} choices written to {file}; they take effect with {(on == "cpu" ? KernelChoices.CpuVariable : KernelChoices.Variable)}={file}.");
        }));
        return command;
    }

    /// <summary>The option that names the device of <c>bench gpu</c> and its sisters.</summary>
    public static Option<string> Device(string names = "opencl:N, cuda:N or emulator; left out, the first GPU of a driver, else the first CPU behind one, else the emulator.") => new("--device") { Description = names, DefaultValueFactory = static _ => KernelBenchmark.DefaultDevice, HelpName = "NAME" };

    private static Option<int> Rounds(string help, int least)
    {
        var rounds = new Option<int>("--rounds") { Description = help, DefaultValueFactory = static _ => 3, HelpName = "N" };
        rounds.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int n) && (n < least || n > 1024))
                result.AddError($"--rounds: {least} to 1024; got {n}.");
        });
        return rounds;
    }

    private static int Answer(Action work)
    {
        try
        {
            work();
            return CommandLine.Done;
        }
        catch (BenchmarkException e)
        {
            throw new InputException(e.Message);
        }
    }
}
