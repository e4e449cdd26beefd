using System.CommandLine;
using NativeFree.Kernels;

namespace NativeFree.Cli.Commands;

/// <summary><c>devices</c>: every accelerator found, used or not, and why.</summary>
internal static class DevicesCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command("devices", "Lists every device found, whether it is used, and why or why not.\n\nExample:\n  nativefree devices --json");
        var common = new CommonOptions(command);
        command.SetWork(error, (parsed, _) =>
        {
            List<DeviceRow> rows = Find();
            if (common.Json(parsed))
                WriteJson(output, rows);
            else
                Tables.Write(output, ["name", "kind", "index", "used", "reason", "memory"], [2, 5], rows.Select(row => (string[])[row.Name, row.Kind, $"{row.Index}", row.Used ? "yes" : "no", row.Reason, $"{row.MemoryBytes >> 20} MiB"]));
            return CommandLine.Done;
        });
        return command;
    }

    private static List<DeviceRow> Find() =>
        [.. DeviceCatalog.All.Select(static entry => new DeviceRow(entry.Name, entry.Kind.ToString().ToLowerInvariant(), entry.Index, entry.Used, entry.Reason, entry.MemoryBytes))];

    private static void WriteJson(TextWriter output, List<DeviceRow> rows) => JsonOutput.Write(output, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("devices");
        foreach (DeviceRow row in rows)
        {
            json.WriteStartObject();
            json.WriteString("name", row.Name);
            json.WriteString("kind", row.Kind);
            json.WriteNumber("index", row.Index);
            json.WriteBoolean("used", row.Used);
            json.WriteString("reason", row.Reason);
            json.WriteNumber("memory_bytes", row.MemoryBytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private sealed record DeviceRow(string Name, string Kind, int Index, bool Used, string Reason, long MemoryBytes);
}
