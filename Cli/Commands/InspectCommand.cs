using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using NativeFree.Loaders;

namespace NativeFree.Cli.Commands;

/// <summary><c>inspect FILE</c>: the arrays and attributes of a file, and which model they are; with <c>--read</c> every array is read and checked.</summary>
internal static class InspectCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("inspect", "Lists the arrays of an h5, npz, npy or keras file: name, type, shape, storage; and says which model they are.\n\nExample:\n  nativefree inspect resnet50.h5 --read");
        var path = new Argument<string>("FILE") { Description = "The file; it may be wrapped in gzip." };
        var read = new Option<bool>("--read") { Description = "Read and check every array; list those that are refused, and end with exit code 1 if any is." };
        command.Arguments.Add(path);
        command.Options.Add(read);
        var common = new CommonOptions(command);
        command.SetWork(error, (parsed, cancellation) =>
        {
            string name = parsed.GetValue(path)!;
            if (!File.Exists(name))
                throw new InputException($"{name}: inspect takes a file; there is none at that path");
            using ArrayFile file = ArrayFile.Open(name);
            WeightFileInfo info = Recognize(file, error);
            List<string> refused = [.. file.Refused.Select(item => $"{(item.Name.Length == 0 ? "/" : item.Name)}: {item.Reason}")];
            bool reading = parsed.GetValue(read);
            if (reading)
                refused.AddRange(ReadAll(file, cancellation));
            else
                refused.AddRange(file.Arrays.Where(entry => entry.Refusal is not null).Select(entry => $"{entry.Name}: {entry.Refusal}"));
            if (common.Json(parsed))
                WriteJson(output, file, info);
            else
                WriteText(output, file, info);
            foreach (string line in refused)
                error.WriteLine($"nativefree: refused {CommandLine.OneLine(line)}");
            return reading && refused.Count > 0 ? CommandLine.BadInput : CommandLine.Done;
        });
        return command;
    }

    /// <summary>A file that holds a relative of a zoo model can still be listed.</summary>
    private static WeightFileInfo Recognize(ArrayFile file, TextWriter error)
    {
        try
        {
            return ModelLoader.Recognize(file);
        }
        catch (Exception e) when (e is WeightException or FileFormatException)
        {
            error.WriteLine($"nativefree: {CommandLine.OneLine(e.Message)}");
            return new WeightFileInfo(null, null, null, false, null);
        }
    }

    private static IEnumerable<string> ReadAll(ArrayFile file, CancellationToken cancellation)
    {
        foreach (ArrayEntry entry in file.Arrays)
        {
            cancellation.ThrowIfCancellationRequested();
            string? refusal = null;
            try
            {
                file.Verify(entry);
            }
            catch (FileFormatException e)
            {
                refusal = e.Message;
            }
            if (refusal is not null)
                yield return $"{entry.Name}: {refusal}";
        }
    }

    private static void WriteText(TextWriter output, ArrayFile file, WeightFileInfo info)
    {
        Tables.Write(output, ["array", "type", "shape", "storage", "bytes"], [4], file.Arrays.Select(entry => (string[])
            [entry.Name, entry.Dtype, $"({string.Join(", ", entry.Shape)})", entry.Storage, entry.Bytes.ToString("N0", CultureInfo.InvariantCulture)]));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Path}: {file.Kind}, {info}; {file.Arrays.Count} arrays, {file.Arrays.Sum(entry => (double)entry.Bytes):N0} bytes"));
    }

    private static void WriteJson(TextWriter output, ArrayFile file, WeightFileInfo info) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteString("file", file.Path);
        json.WriteString("kind", file.Kind);
        json.WriteString("framework", info.Framework);
        json.WriteString("model", info.Model);
        json.WriteString("origin", info.Origin is { } origin ? Models.OriginNames.Text(origin) : null);
        json.WriteStartArray("arrays");
        foreach (ArrayEntry entry in file.Arrays)
        {
            json.WriteStartObject();
            json.WriteString("name", entry.Name);
            json.WriteString("dtype", entry.Dtype);
            json.WriteNumbers("shape", entry.Shape);
            json.WriteString("storage", entry.Storage);
            json.WriteNumber("bytes", entry.Bytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartObject("attributes");
        foreach (string path in file.ObjectsWithAttributes)
        {
            json.WriteStartObject("/" + path);
            foreach (ArrayAttribute attribute in file.Attributes(path).Values)
                WriteValue(json, attribute);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static void WriteValue(Utf8JsonWriter json, ArrayAttribute attribute)
    {
        json.WritePropertyName(attribute.Name);
        if (attribute.Value is not Array many)
        {
            WriteScalar(json, attribute.Value);
            return;
        }
        json.WriteStartArray();
        foreach (object? value in many)
            WriteScalar(json, value);
        json.WriteEndArray();
    }

    private static void WriteScalar(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
