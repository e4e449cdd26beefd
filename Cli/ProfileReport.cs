using System.Globalization;
using System.Text.Json;
using NativeFree.Autograd;
using NativeFree.Benchmarks;
using NativeFree.Kernels;

namespace NativeFree.Cli;

/// <summary>A plan's steps with their times beside the multiply-add peak that was measured on the same threads a moment later.</summary>
internal sealed class ProfileReport
{
    private const int Repeats = 5;
    private const double Megabyte = 1e6;

    private readonly InferencePlan plan;
    private readonly IReadOnlyList<PlanProfileRow> rows;
    private readonly Device device;
    private readonly double peak;

    /// <summary>Runs the plan several times.</summary>
    public ProfileReport(InferencePlan plan, Tensor x)
    {
        this.plan = plan;
        device = x.Device;
        rows = plan.Profile(x, Repeats);
        peak = device is CpuDevice cpu ? FmaPeak.Measure(cpu) : 0;
    }

    private double Total => rows.Sum(row => row.Milliseconds);

    public void Write(TextWriter output)
    {
        output.WriteLine($"Plan for {plan.InputShape} on {device.Name}; best of {Repeats} runs for each step" + (peak > 0 ? $"; FMA peak {Number(peak, "F0")} GFLOP/s" : ""));
        Tables.Write(output, ["layer", "algorithm", "output", "ms", "%", "GFLOP/s", "of peak", "MB passed", "GB/s", "weights MB", "workspace MB"], [3, 4, 5, 6, 7, 8, 9, 10], rows.Select(row => (string[])
        [
            row.Layer,
            row.Algorithm,
            row.Output.ToString(),
            Number(row.Milliseconds, "F3"),
            Number(100 * row.Milliseconds / Total, "F1"),
            row.Flops > 0 ? Number(row.Gflops, "F0") : "",
            row.Flops > 0 && peak > 0 ? Number(row.Gflops / peak, "F2") : "",
            Number(row.Bytes / Megabyte, "F2"),
            row.Milliseconds > 0 ? Number(row.Bytes / row.Milliseconds / Megabyte, "F1") : "",
            row.WeightBytes > 0 ? Number(row.WeightBytes / Megabyte, "F2") : "",
            row.WorkspaceBytes > 0 ? Number(row.WorkspaceBytes / Megabyte, "F2") : "",
        ]));
        long flops = rows.Sum(row => row.Flops);
        PlanProfileRow[] winograd = [.. rows.Where(row => row.IsWinograd)];
        output.WriteLine($"{rows.Count} steps: {Number(Total, "F2")} ms, {Number(flops / 1e9, "F2")} GFLOP, {Number(flops / Total / 1e6, "F0")} GFLOP/s" + (peak > 0 ? $", {Number(flops / Total / 1e6 / peak, "F2")} of peak" : ""));
        output.WriteLine($"weights {Number(plan.WeightBytes / Megabyte, "F1")} MB, values {Number(plan.ArenaBytes / Megabyte, "F1")} MB, workspace at most {Number(rows.Max(row => row.WorkspaceBytes) / Megabyte, "F1")} MB");
        if (winograd.Length > 0)
            output.WriteLine($"{winograd.Length} Winograd layers: transformed filters {Number(winograd.Sum(row => row.WeightBytes) / Megabyte, "F1")} MB");
    }

    /// <summary>The property <c>profile</c> of a command's answer.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("profile");
        json.WriteNumbers("input", plan.InputShape.ToArray().Select(size => (long)size));
        json.WriteNumber("milliseconds", Math.Round(Total, 4));
        if (peak > 0)
            json.WriteNumber("peak_gflops", Math.Round(peak, 1));
        else
            json.WriteNull("peak_gflops");
        json.WriteNumber("weight_bytes", plan.WeightBytes);
        json.WriteNumber("arena_bytes", plan.ArenaBytes);
        json.WriteStartArray("layers");
        foreach (PlanProfileRow row in rows)
        {
            json.WriteStartObject();
            json.WriteString("layer", row.Layer);
            json.WriteString("algorithm", row.Algorithm);
            json.WriteNumbers("output", row.Output.ToArray().Select(size => (long)size));
            json.WriteNumber("ms", Math.Round(row.Milliseconds, 4));
            json.WriteNumber("gflops", Math.Round(row.Gflops, 1));
            json.WriteNumberOrNull("of_peak", peak > 0 ? Math.Round(row.Gflops / peak, 3) : double.NaN);
            json.WriteNumber("bytes", row.Bytes);
            json.WriteNumber("weight_bytes", row.WeightBytes);
            json.WriteNumber("workspace_bytes", row.WorkspaceBytes);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
