using System.Text.Json;
using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// Runs operator cases: stored inputs, upstream gradients and the results of other programs, each with a tolerance. It says whether a machine, driver or kernel computes correctly, so whatever it does not know (an operator, an attribute,
/// an array) is a failure, never a pass. The format is that of <c>docs/operator-cases.md</c>: one JSON text with <c>op</c>, <c>attributes</c> and <c>tolerance</c>, and named arrays with channels first.
/// </summary>
public static class CaseRunner
{
    /// <summary>Names of the operators that cases may have.</summary>
    public static IReadOnlyCollection<string> Operators => CaseOperators.Names;

    /// <summary>Runs one case.</summary>
    /// <param name="device">Where.</param>
    /// <param name="json">The text of the case.</param>
    /// <param name="arrays">Its arrays.</param>
    /// <returns>The outcome; a case that cannot be run has a <see cref="CaseResult.Failure"/>.</returns>
    public static CaseResult Run(Device device, string json, IReadOnlyDictionary<string, CaseArray> arrays)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(arrays);
        string op = "", attributes = "{}";
        OperatorCase? running = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            op = root.TryGetProperty("op", out JsonElement name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : throw new CaseException("the case names its op");
            JsonElement values = root.TryGetProperty("attributes", out JsonElement found) ? found : throw new CaseException("the case has attributes");
            attributes = values.GetRawText();
            running = new OperatorCase(device, new CaseAttributes(values), arrays, Tolerances(root));
            Run(op, running);
            return new CaseResult(op, attributes, running.Errors, null);
        }
        catch (Exception e) when (e is CaseException or JsonException or ShapeException or ArgumentException or DeviceException or NonFiniteException or OverflowException or InvalidOperationException)
        {
            return new CaseResult(op, attributes, running?.Errors ?? [], e.Message);
        }
    }

    private static void Run(string op, OperatorCase running)
    {
        if (op == "optimizer")
            OptimizerCase.Run(running);
        else
            CaseOperators.Run(op, running);
        running.Attributes.RequireAllKnown(op);
        running.RequireAllUsed(op);
    }

    private static Dictionary<string, double> Tolerances(JsonElement root)
    {
        if (!root.TryGetProperty("tolerance", out JsonElement tolerance) || tolerance.ValueKind != JsonValueKind.Object)
            throw new CaseException("the case has a tolerance for each result");
        return tolerance.EnumerateObject().ToDictionary(
            property => property.Name,
            property => property.Value.ValueKind == JsonValueKind.Number && property.Value.GetDouble() is >= 0 and var value ? value : throw new CaseException($"the tolerance of '{property.Name}' is a number from 0"));
    }
}
