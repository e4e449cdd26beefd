using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

public abstract partial class Network
{
    /// <summary>Names, shapes, parameters and FLOPs for an input of the given shape; nothing is computed and no parameter takes memory.</summary>
    /// <exception cref="ShapeException">A layer cannot take what reaches it; the message names the layer.</exception>
    public NetworkSummary Summarize(Shape input) => Summarize(input, null);

    /// <summary>As <see cref="Summarize(Shape)"/>, with the milliseconds of one inference of <paramref name="x"/>; the first call of a process also pays for compiling.</summary>
    /// <exception cref="ShapeException">A layer cannot take what reaches it; the message names the layer.</exception>
    public NetworkSummary Measure(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        double[] times = new double[nodes.Count];
        using var scope = new Scope();
        Run(x, [.. available.Select(Find)], (node, time) => times[node.Index] = time.TotalMilliseconds);
        return Summarize(x.Shape, times);
    }

    private NetworkSummary Summarize(Shape input, double[]? times)
    {
        Shape?[] shapes = Shapes(input, [.. available.Select(Find)]);
        var rows = new Dictionary<string, SummaryRow>(StringComparer.Ordinal);
        var counted = new HashSet<Layer>();
        (ParameterCount parameters, long flops, double ms) = (default, 0L, 0.0);
        foreach (Node node in nodes.Skip(1).Where(node => shapes[node.Index] is not null))
        {
            if (counted.Add(node.Layer!))
                parameters += node.Layer!.CountParameters();
            flops += node.Layer!.Flops(shapes[node.Inputs[0].Index]!.Value);
            ms += times?[node.Index] ?? 0;
            if (node.Name is null)
                continue;
            rows.Add(node.Name, new SummaryRow(node.Name, shapes[node.Index]!.Value, parameters, flops, times is null ? null : ms));
            (parameters, flops, ms) = (default, 0, 0);
        }
        return new NetworkSummary(ToString(), input, [.. available.Select(name => rows[name])]);
    }
}
