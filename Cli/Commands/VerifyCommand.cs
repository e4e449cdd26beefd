using System.CommandLine;
using System.Globalization;
using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Cli.Commands;

/// <summary><c>verify [CASES…]</c>: operator case files run on a device and compared with the stored results; none given: the set that comes with the program. Format: docs/operator-cases.md.</summary>
internal static class VerifyCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("verify", "Runs operator cases on a device and compares results and gradients with stored ones: whether this machine, driver and vector width compute correctly. On the emulator work-items run in an order drawn from --seed, and data races and reads of shared memory that nobody wrote are found.\n\nExample:\n  nativefree verify --threads 2");
        var cases = new Argument<string[]>("CASES") { Description = "Case files (npz) and folders of them; none: the set that comes with the program.", Arity = ArgumentArity.ZeroOrMore };
        command.Arguments.Add(cases);
        var common = new CommonOptions(command);
        command.SetWork(error, (parsed, cancellation) =>
        {
            Device device = common.Device(parsed);
            // Cases are proofs: on the emulator every access is followed, and nothing runs in the order it was written in.
            if (device.Kind == DeviceKind.Emulator)
                device = DeviceCatalog.CheckedEmulator((ulong)common.Seed(parsed));
            int code = CommandLine.Done;
            string[] paths = parsed.GetValue(cases) ?? [];
            List<string> files = paths.Length == 0 ? [.. CaseFiles.BundledNames()] : CaseFiles.Expand(paths, Refuse);
            var results = new List<(string File, CaseResult Result)>();
            using (var progress = new ProgressLine(error, files.Count, common.Quiet(parsed)))
            {
                foreach (string file in files)
                {
                    cancellation.ThrowIfCancellationRequested();
                    results.Add((file, Run(device, file, paths.Length == 0)));
                    progress.Step();
                }
            }
            if (common.Json(parsed))
                WriteJson(output, device, results);
            else
                WriteText(output, device, results);
            return results.All(item => item.Result.Passed) ? code : CommandLine.BadInput;

            void Refuse(Exception e)
            {
                code = CommandLine.BadInput;
                error.WriteLine($"nativefree: {CommandLine.OneLine(e.Message)}");
            }
        });
        return command;
    }

    /// <summary>A file that cannot be read is a case that fails.</summary>
    private static CaseResult Run(Device device, string file, bool bundled)
    {
        try
        {
            return bundled ? CaseFiles.RunBundled(device, file) : CaseFiles.Run(device, file);
        }
        catch (Exception e) when (CommandLine.IsFaultOfInput(e))
        {
            return new CaseResult("", "{}", [], e.Message);
        }
    }

    private static void WriteText(TextWriter output, Device device, List<(string File, CaseResult Result)> results)
    {
        Tables.Write(output, ["case", "op", "attributes", "errors", ""], [], results.Select(item => (string[])
        [
            item.File,
            item.Result.Op,
            item.Result.Attributes,
            item.Result.Failure is { } failure ? CommandLine.OneLine(failure) : string.Join("  ", item.Result.Arrays.Select(Describe)),
            item.Result.Passed ? "pass" : "FAIL",
        ]));
        output.WriteLine($"{device.Name}: {results.Count(item => item.Result.Passed)} passed, {results.Count(item => !item.Result.Passed)} failed");
    }

    private static string Describe(ArrayError array) => string.Create(CultureInfo.InvariantCulture, $"{array.Array} {array.Error:0.0e+0}{(array.Passed ? "" : $" > {array.Tolerance:0.0e+0}")}");

    private static void WriteJson(TextWriter output, Device device, List<(string File, CaseResult Result)> results) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("device", device.Name);
        json.WriteStartArray("cases");
        foreach ((string file, CaseResult result) in results)
        {
            json.WriteStartObject();
            json.WriteString("file", file);
            json.WriteString("op", result.Op);
            json.WriteBoolean("passed", result.Passed);
            if (result.Worst is { } worst)
            {
                json.WriteStartObject("worst");
                json.WriteString("array", worst.Array);
                json.WriteNumberOrNull("error", worst.Error);
                json.WriteNumber("tolerance", worst.Tolerance);
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull("worst");
            }
            if (result.Failure is { } failure)
                json.WriteString("failure", CommandLine.OneLine(failure));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteNumber("passed", results.Count(item => item.Result.Passed));
        json.WriteNumber("failed", results.Count(item => !item.Result.Passed));
        json.WriteEndObject();
    });
}
