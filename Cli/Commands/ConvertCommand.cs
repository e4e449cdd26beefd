using System.CommandLine;
using System.Globalization;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Cli.Commands;

/// <summary><c>convert IN OUT</c>: a weight file of Keras into one of Chainer or back, with a report of what changed and by how much the two networks differ.</summary>
internal static class ConvertCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("convert", "Converts weights between Keras's h5 and Chainer's npz; the ending of OUT says into which.\n\nExample:\n  nativefree convert vgg16_weights_tf_dim_ordering_tf_kernels.h5 vgg16.npz --model vgg16");
        var input = new Argument<string>("IN") { Description = "A Keras h5, .weights.h5 or .keras or a Chainer npz, plain or in gzip." };
        var path = new Argument<string>("OUT") { Description = "The file to write: .npz or .h5." };
        var model = new Option<string?>("--model") { Description = $"{string.Join(", ", ModelZoo.Names)}; may be left out, since the file tells.", HelpName = "M" };
        var probe = new Option<string?>("--probe") { Description = "A JPEG or PNG on which the two networks are compared, instead of a computed picture.", HelpName = "FILE" };
        var compress = new Option<bool>("--compress") { Description = "Deflate the arrays." };
        var downsampleFb = new Option<bool>("--downsample-fb") { Description = "IN is a Chainer ResNet with the stride on the 3×3 convolution; the file cannot tell." };
        var stem = new Option<string?>("--stem") { Description = "IN is an old Keras ResNet50: padded (the default) or valid.", HelpName = "RULE" };
        command.Arguments.Add(input);
        command.Arguments.Add(path);
        foreach (Option option in (Option[])[model, probe, compress, downsampleFb, stem])
            command.Options.Add(option);
        var names = new WeightNameOptions(command);
        ModelArguments.OneOf(model, ModelZoo.Names);
        ModelArguments.OneOf(stem, ["padded", "valid"]);
        var common = new CommonOptions(command);
        command.SetWork(error, (parsed, _) =>
        {
            foreach (string? file in (string?[])[parsed.GetValue(input), parsed.GetValue(probe)])
            {
                if (file is not null && !File.Exists(file))
                    throw new InputException($"{file}: convert takes a file; there is none at that path");
            }
            var options = new ConvertOptions
            {
                Compressed = parsed.GetValue(compress),
                Probe = parsed.GetValue(probe) is { } picture ? ImageFile.Load(picture) : null,
                Load = names.Apply(parsed, new LoadOptions
                {
                    Model = parsed.GetValue(model),
                    DownsampleFacebook = parsed.GetValue(downsampleFb),
                    ValidStem = parsed.GetValue(stem) == "valid",
                    Device = common.Device(parsed),
                }),
            };
            ConversionReport report = Convert(parsed.GetValue(input)!, parsed.GetValue(path)!, options);
            if (common.Json(parsed))
                WriteJson(output, report);
            else if (!common.Quiet(parsed))
                WriteText(output, report);
            return CommandLine.Done;
        });
        return command;
    }

    /// <summary>An ending that is not written and a variant that the model lacks are wrong usage.</summary>
    private static ConversionReport Convert(string input, string path, ConvertOptions options)
    {
        try
        {
            return ModelConverter.Convert(input, path, options);
        }
        catch (ArgumentException e) when (e is not NativeFree.Layers.UnknownLayerException)
        {
            throw new UsageException(e.Message);
        }
    }

    private static void WriteText(TextWriter output, ConversionReport report)
    {
        output.WriteLine($"{report.Output}: {report.Model}, {report.From.Text()} to {report.To.Text()}, {report.Arrays} arrays, {report.Changed.Count} of them changed");
        foreach ((string path, string how) in report.Changed)
            output.WriteLine($"  changed  {path} = {how}");
        foreach (string difference in report.Differences)
            output.WriteLine($"  differs  {difference}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"largest difference of {report.ProbeLayer} on the probe picture: {report.LargestDifference:g3}"));
    }

    private static void WriteJson(TextWriter output, ConversionReport report) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("input", report.Input);
        json.WriteString("output", report.Output);
        json.WriteString("model", report.Model);
        json.WriteString("from", report.From.Text());
        json.WriteString("to", report.To.Text());
        json.WriteNumber("arrays", report.Arrays);
        json.WriteStartArray("changed");
        foreach ((string path, string how) in report.Changed)
        {
            json.WriteStartObject();
            json.WriteString("array", path);
            json.WriteString("how", how);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("differences");
        foreach (string difference in report.Differences)
            json.WriteStringValue(difference);
        json.WriteEndArray();
        json.WriteStartObject("probe");
        json.WriteString("layer", report.ProbeLayer);
        json.WriteNumberOrNull("largest_difference", report.LargestDifference);
        json.WriteEndObject();
        json.WriteEndObject();
    });
}
