using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using NativeFree.Kernels;
using NativeFree.Models;

namespace NativeFree.Cli.Commands;

/// <summary><c>classify INPUT…</c>: the most probable classes of each picture.</summary>
internal static class ClassifyCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("classify", "Prints the most probable classes of each picture.\n\nExample:\n  nativefree classify cat.jpg --weights resnet50_weights_tf_dim_ordering_tf_kernels.h5");
        var arguments = new ModelArguments(command, error);
        var top = new Option<int>("--top") { Description = "Classes a picture.", DefaultValueFactory = _ => 5, HelpName = "K" };
        var labels = new Option<string?>("--labels") { Description = "A file with one class name a line, instead of ImageNet's.", HelpName = "FILE" };
        var oversample = new Option<bool>("--oversample") { Description = "Average over ten crops of 224² from 256², as Chainer's predict does." };
        top.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int n) && n < 1)
                result.AddError($"--top: at least 1; got {n}.");
        });
        foreach (Option option in (Option[])[top, labels, oversample])
            command.Options.Add(option);
        var profiling = new ProfileOptions(command);
        var common = new CommonOptions(command);
        command.SetWork(error, (parsed, cancellation) =>
        {
            DateTime begun = DateTime.UtcNow;
            var ahead = new FirstPicture(arguments.Inputs(parsed));
            Device device = common.Device(parsed);
            KernelWarmUp.Start(device);
            (Model model, string file, TimeSpan load) = arguments.Load(parsed, device);
            if (model.ProbabilityLayer is not { } layer || model.LabelsPixels)
                throw new InputException($"{file}: classify needs a network that ends in classes; this is {model} {(model.Options.Top ? "and labels pixels" : "without its top")}; use extract, or a file with the top");
            if (parsed.GetValue(oversample) && (profiling.Wanted(parsed) || arguments.Weights(parsed) != WeightFormat.Single))
                throw new UsageException("--profile, --trace and --half are for one compiled plan for whole pictures; --oversample runs ten crops without one; leave one of them out");
            IReadOnlyList<string> names = Names(parsed.GetValue(labels), model);
            var answers = new List<Answer>();
            double first = 0;
            var pictures = new ModelRunner(model, [layer]) { Profiles = profiling.Wanted(parsed), Weights = arguments.Weights(parsed) };
            int code = InputLoop.Run(arguments.Inputs(parsed), error, common.Quiet(parsed) || common.Json(parsed), cancellation, pictures, ahead, (input, runner) =>
            {
                long start = Stopwatch.GetTimestamp();
                using var scope = new Scope();
                float[] probabilities = Probabilities(model, input, parsed.GetValue(oversample), arguments.Filter(parsed), runner, layer, cancellation);
                answers.Add(new Answer(input.Name, [.. Top(probabilities, parsed.GetValue(top)).Select(i => (i, names[i], probabilities[i]))]));
                first = first == 0 ? Stopwatch.GetElapsedTime(start).TotalSeconds : first;
                if (!common.Json(parsed))
                    WriteText(output, answers[^1]);
            });
            ProfileReport? profile = pictures.Profile(parsed, profiling);
            if (common.Json(parsed))
                WriteJson(output, model, answers, profile);
            else
                profile?.Write(output);
            if (!common.Quiet(parsed) && !common.Json(parsed) && answers.Count > 0)
            {
                double runtime = (begun - Process.GetCurrentProcess().StartTime.ToUniversalTime()).TotalSeconds;
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{model} on {model.Device.Name}: {runtime:0.00} s runtime start, {load.TotalSeconds:0.00} s load, {first:0.00} s first picture"));
            }
            return code;
        });
        return command;
    }

    private static float[] Probabilities(Model model, Input input, bool oversample, ResizeFilter? filter, ModelRunner runner, string layer, CancellationToken cancellation)
    {
        if (!oversample)
            return runner.Run(input.ToTensor(model, filter), cancellation)[layer].ToArray();
        if (input.Image is not { } image)
            throw new InputException($"{input.Name}: --oversample crops pictures; this input is prepared already and used as it is; leave --oversample out");
        return model.Predict([image], oversample: true, filter: filter).ToArray();
    }

    /// <summary>Indices of the k largest, the first of equals first.</summary>
    internal static IEnumerable<int> Top(float[] values, int k) => Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).Take(k);

    private static IReadOnlyList<string> Names(string? file, Model model)
    {
        if (file is null)
            return model.ClassNames ?? (model.Classes == ImageNetLabels.Names.Count ? ImageNetLabels.Names : [.. Enumerable.Range(0, model.Classes).Select(i => $"class {i}")]);
        if (!File.Exists(file))
            throw new InputException($"{file}: --labels names a file; there is none at that path");
        string[] names = [.. File.ReadLines(file).Select(line => line.Trim())];
        while (names.Length > model.Classes && names[^1].Length == 0)
            names = names[..^1];
        if (names.Length != model.Classes)
            throw new InputException($"{file}: --labels has one name a line for each class; {names.Length} lines, {model.Classes} classes");
        return names;
    }

    private static void WriteText(TextWriter output, Answer answer)
    {
        output.WriteLine(answer.Input);
        foreach ((int index, string label, float probability) in answer.Top)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {probability,8:0.0000}  {index,4}  {label}"));
    }

    private static void WriteJson(TextWriter output, Model model, List<Answer> answers, ProfileReport? profile) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("model", model.Name);
        json.WriteString("origin", model.Origin.Text());
        json.WriteString("device", model.Device.Name);
        json.WriteStartArray("results");
        foreach (Answer answer in answers)
        {
            json.WriteStartObject();
            json.WriteString("input", answer.Input);
            json.WriteStartArray("top");
            foreach ((int index, string label, float probability) in answer.Top)
            {
                json.WriteStartObject();
                json.WriteNumber("index", index);
                json.WriteString("label", label);
                json.WriteNumberOrNull("probability", probability);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        profile?.Write(json);
        json.WriteEndObject();
    });

    private sealed record Answer(string Input, IReadOnlyList<(int Index, string Label, float Probability)> Top);
}
