using System.CommandLine;
using System.Globalization;
using NativeFree.Kernels;
using NativeFree.Layers;
using NativeFree.Models;

namespace NativeFree.Cli.Commands;

/// <summary><c>models [NAME]</c>: the zoo, or one model's layers with shapes, parameters and FLOPs.</summary>
internal static class ModelsCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("models", "Lists the zoo, or the layers of one model: shapes (N, C, H, W), parameters, FLOPs.\n\nExample:\n  nativefree models resnet50 --origin keras");
        var name = new Argument<string?>("NAME") { Description = "A model; all of them when left out.", Arity = ArgumentArity.ZeroOrOne };
        var origin = new Option<string?>("--origin") { Description = "chainer, keras or keras-old.", HelpName = "O" };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } value && !ModelZoo.Names.Contains(value))
                result.AddError($"models: one of {string.Join(", ", ModelZoo.Names)}; got '{value}'; perhaps '{NearestName.Of(value, ModelZoo.Names)}'.");
        });
        ModelArguments.OneOf(origin, ["chainer", "keras", "keras-old"]);
        command.Arguments.Add(name);
        command.Options.Add(origin);
        var common = new CommonOptions(command);
        command.SetWork(error, (parsed, _) =>
        {
            Origin? asked = parsed.GetValue(origin) is { } text ? OriginNames.Parse(text) : null;
            if (parsed.GetValue(name) is { } one)
                One(output, Build(one, asked), common.Json(parsed));
            else
                All(output, asked, common.Json(parsed));
            return CommandLine.Done;
        });
        return command;
    }

    private static Model Build(string name, Origin? origin)
    {
        try
        {
            return ModelZoo.Create(name, new ModelOptions { Origin = origin });
        }
        catch (ModelOptionsException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static void One(TextWriter output, Model model, bool asJson)
    {
        NetworkSummary summary = model.Summary();
        if (!asJson)
        {
            Tables.Write(output, ["layer", "shape (N, C, H, W)", "parameters", "MFLOP"], [2, 3], summary.Rows.Select(row => (string[])
                [row.Name, $"({string.Join(", ", Nchw(row.Shape))})", Number(Count(model, row.Parameters)), (row.Flops / 1e6).ToString("N1", CultureInfo.InvariantCulture)]));
            ParameterCount count = summary.Parameters;
            output.WriteLine($"{model}: {Number(model.ParameterTotal())} parameters, {Number(count.Trainable)} trainable, {Number(model.ParameterTotal() - count.Trainable)} not; "
                + $"{(summary.Flops / 1e9).ToString("N2", CultureInfo.InvariantCulture)} GFLOP (multiplications and additions of convolutions and matrix products)");
            return;
        }
        JsonOutput.Write(output, json =>
        {
            json.WriteStartObject();
            json.WriteString("model", model.Name);
            json.WriteString("origin", model.Origin.Text());
            json.WriteNumber("parameters", model.ParameterTotal());
            json.WriteNumber("flops", summary.Flops);
            json.WriteStartArray("layers");
            foreach (SummaryRow row in summary.Rows)
            {
                json.WriteStartObject();
                json.WriteString("name", row.Name);
                json.WriteNumbers("shape", Nchw(row.Shape));
                json.WriteNumber("parameters", Count(model, row.Parameters));
                json.WriteNumber("flops", row.Flops);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void All(TextWriter output, Origin? origin, bool asJson)
    {
        (Model Model, string Origins)[] models = [.. ModelZoo.Names.Where(name => origin is null || ModelZoo.OriginsOf(name).Contains(origin.Value))
            .Select(name => (ModelZoo.Create(name, new ModelOptions { Origin = origin }), string.Join(", ", ModelZoo.OriginsOf(name).Select(each => each.Text()))))];
        if (!asJson)
        {
            Tables.Write(output, ["model", "origins", "layers", "parameters", "GFLOP at 224²"], [2, 3, 4], models.Select(item => (string[])
                [item.Model.Name, item.Origins, Number(item.Model.AvailableLayers.Count), Number(item.Model.ParameterTotal()), (item.Model.Summary().Flops / 1e9).ToString("N2", CultureInfo.InvariantCulture)]));
            return;
        }
        JsonOutput.Write(output, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("models");
            foreach ((Model model, string origins) in models)
            {
                json.WriteStartObject();
                json.WriteString("model", model.Name);
                json.WriteString("origin", model.Origin.Text());
                json.WriteStartArray("origins");
                foreach (string each in origins.Split(", "))
                    json.WriteStringValue(each);
                json.WriteEndArray();
                json.WriteNumber("parameters", model.ParameterTotal());
                json.WriteNumber("flops", model.Summary().Flops);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    /// <summary>The doors of the command line are channels first, as Chainer's arrays and <c>extract</c>'s are.</summary>
    internal static IEnumerable<long> Nchw(Shape shape) => shape.Rank == 4 ? [shape[0], shape[3], shape[1], shape[2]] : shape.ToArray().Select(extent => (long)extent);

    private static long Count(Model model, ParameterCount count) => count.Trainable + count.Frozen + (model.Origin == Origin.Chainer ? 0 : count.Statistics);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
