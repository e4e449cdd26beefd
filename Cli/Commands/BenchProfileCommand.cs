using System.CommandLine;
using NativeFree.Autograd;
using NativeFree.Benchmarks;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Models;

namespace NativeFree.Cli.Commands;

/// <summary><c>bench profile MODEL</c>: what each layer of a network takes, with random weights.</summary>
internal static class BenchProfileCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("profile", "Prints what each layer of a network takes in a compiled plan, with random weights: algorithm, ms, GFLOP/s, share of the measured peak, bytes.\n\nExample:\n  nativefree bench profile vgg16 --batch 8 --trace vgg16.json");
        var name = new Argument<string>("MODEL") { Description = string.Join(", ", ModelZoo.Names) + "." };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !ModelZoo.Names.Contains(text))
                result.AddError($"MODEL: one of {string.Join(", ", ModelZoo.Names)}; got '{text}'; perhaps '{NearestName.Of(text, ModelZoo.Names)}'.");
        });
        var batch = new Option<int>("--batch") { Description = "Pictures at a time.", DefaultValueFactory = _ => 1, HelpName = "N" };
        batch.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int n) && n is < 1 or > 1024)
                result.AddError($"--batch: 1 to 1024; got {n}.");
        });
        var trace = new Option<string?>("--trace") { Description = "Also write one run as a Chrome trace (chrome://tracing, Perfetto).", HelpName = "FILE.json" };
        var half = new Option<bool>("--half") { Description = "Half-size weights in dense layers and direct convolutions." };
        command.Arguments.Add(name);
        command.Options.Add(batch);
        command.Options.Add(trace);
        command.Options.Add(half);
        var common = new CommonOptions(command);
        command.SetWork(error, (parsed, cancellation) =>
        {
            Model model = ModelZoo.Create(parsed.GetRequiredValue(name));
            model.To(common.Device(parsed));
            using var scope = new Scope();
            Tensor x = Values.Tensor(model.Device, new Shape(parsed.GetValue(batch), model.InputSize, model.InputSize, 3), 1);
            InferencePlan plan = model.Compile(x.Shape, null, parsed.GetValue(half) ? WeightFormat.Half : WeightFormat.Single);
            cancellation.ThrowIfCancellationRequested();
            var report = new ProfileReport(plan, x);
            if (parsed.GetValue(trace) is { } file)
                plan.Timeline(x).Save(file);
            if (common.Json(parsed))
            {
                JsonOutput.Write(output, json =>
                {
                    json.WriteStartObject();
                    json.WriteString("model", model.Name);
                    json.WriteString("device", model.Device.Name);
                    report.Write(json);
                    json.WriteEndObject();
                });
            }
            else
            {
                report.Write(output);
            }
            return CommandLine.Done;
        });
        return command;
    }
}
