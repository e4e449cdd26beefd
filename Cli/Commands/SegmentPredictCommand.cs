using System.CommandLine;
using System.Globalization;
using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Loaders;
using NativeFree.Models;

namespace NativeFree.Cli.Commands;

/// <summary><c>segment predict</c>: the class of each pixel of photos, at their own size: as indices, laid over the photo, and as probabilities.</summary>
internal static class SegmentPredictCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("predict", "Writes the class of each pixel: NAME.png with indices, NAME_overlay.png to look at.\n\nExample:\n  nativefree segment predict photos --weights pets.npz --output masks");
        var inputs = new Argument<string[]>("INPUT") { Description = "JPEG or PNG files, or folders of them.", Arity = ArgumentArity.OneOrMore };
        var weights = new Option<string>("--weights") { Description = "A U-Net's checkpoint or Keras file.", Required = true, HelpName = "FILE" };
        var folder = new Option<string>("--output") { Description = "The folder to write into; made if it does not exist.", Required = true, HelpName = "DIR" };
        var probabilities = new Option<bool>("--probabilities") { Description = "Write NAME.npz too: probabilities, float32 (classes, rows, columns), and the classes' names." };
        command.Arguments.Add(inputs);
        foreach (Option option in (Option[])[weights, folder, probabilities])
            command.Options.Add(option);
        var common = new CommonOptions(command);
        command.SetWork(error, (parsed, cancellation) =>
        {
            string path = parsed.GetValue(weights)!, target = parsed.GetValue(folder)!;
            if (!File.Exists(path))
                throw new InputException($"{path}: --weights names a file; there is none at that path");
            if (File.Exists(target))
                throw new InputException($"{target}: --output names a folder; a file lies there; name another place");
            var ahead = new FirstPicture(parsed.GetValue(inputs)!);
            Model model = ModelLoader.Load(path, new LoadOptions { Device = common.Device(parsed) });
            if (model.ProbabilityLayer is not { } layer || model.OutputShape(new Shape(1, model.InputSize, model.InputSize, 3)).Rank != 4)
                throw new InputException($"{path}: segment predict needs a network that labels pixels; this is {model}; use classify or extract");
            Directory.CreateDirectory(target);
            IReadOnlyList<string> names = model.ClassNames ?? [.. Enumerable.Range(0, model.Classes).Select(i => $"class {i}")];
            var answers = new List<SegmentedPhoto>();
            var written = new HashSet<string>(StringComparer.Ordinal);
            HashSet<string> photos = [.. Inputs.Expand(parsed.GetValue(inputs)!, _ => { }).Select(Path.GetFullPath)];
            int code = InputLoop.Run(parsed.GetValue(inputs)!, error, common.Quiet(parsed) || common.Json(parsed), cancellation, new ModelRunner(model, [layer]), ahead, (input, runner) =>
            {
                using var scope = new Scope();
                if (input.Image is not { } photo)
                    throw new InputException($"{input.Name}: segment predict answers at a photo's own size; this input is prepared already; give the photo");
                string name = Path.GetFileNameWithoutExtension(input.Name);
                if (!written.Add(name))
                    throw new InputException($"{input.Name}: answers are called after their photos; {name}.png is written already; give photos of one name one by one");
                (string mask, string overlay, _) = SegmentedPhoto.Files(target, name);
                if (Array.Find([mask, overlay], file => photos.Contains(Path.GetFullPath(file))) is { } taken)
                    throw new InputException($"{input.Name}: answers are written over no input; {taken} is one; name another folder with --output");
                Tensor small = runner.Run(model.Prepare(photo), cancellation)[layer];
                Tensor full = F.ResizeBilinear2D(small, (photo.Height, photo.Width)).Value;
                SegmentedPhoto answer = SegmentedPhoto.Of(input.Name, photo, full);
                answer.Write(target, name, photo, parsed.GetValue(probabilities) ? full : null, names);
                answers.Add(answer);
                if (!common.Json(parsed))
                    output.WriteLine($"{answer.Mask}: {string.Join(", ", answer.Parts().Where(part => part.Part > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{names[part.Index]} {part.Part:0.0 %}")))}");
            });
            if (common.Json(parsed))
                WriteJson(output, model, answers, names);
            return code;
        });
        return command;
    }

    private static void WriteJson(TextWriter output, Model model, List<SegmentedPhoto> answers, IReadOnlyList<string> names) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("model", model.Name);
        json.WriteString("origin", model.Origin.Text());
        json.WriteString("device", model.Device.Name);
        json.WriteStartArray("results");
        foreach (SegmentedPhoto answer in answers)
        {
            json.WriteStartObject();
            json.WriteString("input", answer.Input);
            json.WriteString("mask", answer.Mask);
            json.WriteString("overlay", answer.Overlay);
            if (answer.Probabilities is { } file)
                json.WriteString("probabilities", file);
            json.WriteStartArray("classes");
            foreach ((int index, double part) in answer.Parts())
            {
                json.WriteStartObject();
                json.WriteNumber("index", index);
                json.WriteString("label", names[index]);
                json.WriteNumber("part", part);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
