using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using NativeFree.Cli.Story;
using NativeFree.Kernels;

namespace NativeFree.Cli.Commands;

/// <summary><c>demo</c>: the whole story on this machine. Published formats in, the original frameworks' numbers out; then training, and what transfer learning bought, as a report.</summary>
internal static class DemoCommand
{
    private const string DefaultFolder = "nativefree-demo";

    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("demo", "Loads ResNet50 from a Chainer and from a Keras file and compares its numbers with the original frameworks'; then draws a picture set, trains a U-Net on it with and without a pretrained encoder, and leaves a report. Under three minutes on two cores, no network.\n\nExample:\n  nativefree demo --output story");
        var folder = new Option<string>("--output") { Description = $"A folder for pictures, features, weights and report.html; {DefaultFolder} unless given.", HelpName = "DIR", DefaultValueFactory = _ => DefaultFolder };
        command.Options.Add(folder);
        var common = new CommonOptions(command);
        command.SetWork(error, (parsed, cancellation) =>
        {
            long start = Stopwatch.GetTimestamp();
            Device device = common.Device(parsed);
            string path = parsed.GetValue(folder)!;
            Directory.CreateDirectory(path);
            new ImportedNetworks(output, device, path).Run(cancellation);
            string report = new TransferStory(output, device, path, new TransferSettings(common.Seed(parsed) + 1)).Run(cancellation);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report}: curves, test pictures and settings; open it in a browser. {Stopwatch.GetElapsedTime(start).TotalMinutes:0.0} minutes in all."));
            return CommandLine.Done;
        });
        return command;
    }
}
