using System.CommandLine;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Cli.Commands;

/// <summary><c>extract INPUT…</c>: the values of layers as an npz, one float32 array a layer, first axis the inputs in order.</summary>
internal static class ExtractCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("extract", "Writes the values of layers to an npz: one float32 array a layer, (N, C, H, W) or (N, F), and the names of the inputs.\n\nExample:\n  nativefree extract photos/ --weights resnet50.npz --layers res4,pool5 --output features.npz");
        var arguments = new ModelArguments(command, error);
        var layers = new Option<string?>("--layers") { Description = "Names joined by commas; the model's feature layer when left out. 'nativefree models NAME' lists them.", HelpName = "A,B" };
        var path = new Option<string>("--output") { Description = "The npz to write.", Required = true, HelpName = "OUT.npz" };
        var layout = new Option<string?>("--layout") { Description = "nchw (the default) or nhwc.", HelpName = "L" };
        ModelArguments.OneOf(layout, ["nchw", "nhwc"]);
        foreach (Option option in (Option[])[layers, path, layout])
            command.Options.Add(option);
        var profiling = new ProfileOptions(command);
        var common = new CommonOptions(command);
        command.SetWork(error, (parsed, cancellation) =>
        {
            var ahead = new FirstPicture(arguments.Inputs(parsed));
            (Model model, _, _) = arguments.Load(parsed, common.Device(parsed));
            string[] wanted = parsed.GetValue(layers) is { } text ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [.. model.DefaultLayers];
            if (wanted.Length == 0)
                throw new UsageException("--layers: at least one name; got none");
            foreach (string layer in wanted)
                model.Find(layer); // an unknown name ends here, before any picture is read
            var rows = new FeatureRows(parsed.GetValue(layout) != "nhwc");
            var pictures = new ModelRunner(model, wanted) { Profiles = profiling.Wanted(parsed), Weights = arguments.Weights(parsed) };
            int code = InputLoop.Run(arguments.Inputs(parsed), error, common.Quiet(parsed) || common.Json(parsed), cancellation, pictures, ahead, (input, runner) =>
            {
                using var scope = new Scope();
                rows.Add(input.Name, runner.Run(input.ToTensor(model, arguments.Filter(parsed)), cancellation));
            });
            if (rows.Count == 0)
                return code;
            NpzWriter.Write(parsed.GetValue(path)!, rows.Arrays());
            ProfileReport? profile = pictures.Profile(parsed, profiling);
            if (common.Json(parsed))
                WriteJson(output, parsed.GetValue(path)!, model, rows, profile);
            else if (!common.Quiet(parsed))
                output.WriteLine($"{parsed.GetValue(path)}: {string.Join(", ", rows.Arrays().Select(array => $"{array.Name} ({string.Join(", ", array.Shape)})"))}");
            if (!common.Json(parsed))
                profile?.Write(output);
            return code;
        });
        return command;
    }

    private static void WriteJson(TextWriter output, string path, Model model, FeatureRows rows, ProfileReport? profile) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("output", path);
        json.WriteString("model", model.Name);
        json.WriteString("origin", model.Origin.Text());
        json.WriteString("device", model.Device.Name);
        json.WriteStartArray("arrays");
        foreach (NamedArray array in rows.Arrays())
        {
            json.WriteStartObject();
            json.WriteString("name", array.Name);
            json.WriteNumbers("shape", array.Shape);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        profile?.Write(json);
        json.WriteEndObject();
    });
}
