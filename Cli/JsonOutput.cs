using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace NativeFree.Cli;

/// <summary>Writes one JSON document, indented, to a command's output.</summary>
internal static class JsonOutput
{
    // The output is for terminals and programs, not for HTML, so letters of any language stay readable.
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
            write(json);
        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    /// <summary>A number; JSON has none for NaN and infinity, which become null.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }

    public static void WriteNumbers(this Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (long value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
