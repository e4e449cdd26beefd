using System.Globalization;
using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// Turns the nodes of a rewritten graph into steps, and cuts these into stretches. An operator without a step of its own runs as it does outside plans, and its result is copied to its place.
/// </summary>
/// <param name="device">Where they run.</param>
/// <param name="graph">The rewritten graph.</param>
/// <param name="format">How weights are stored.</param>
/// <param name="room">Bytes of the last cache for the values of a step.</param>
internal sealed class PlanSteps(Device device, PlanGraph graph, WeightFormat format, long room)
{
    private readonly List<PlanValue> values = graph.Values;
    private readonly int batch = graph.Values[graph.Input].Shape is { Rank: > 0 } shape ? shape[0] : 0;

    // Of the step in hand: in how many parts the batch comes, and the convolution before it.
    private int parts = 1;
    private PreparedConvolution? last;

    /// <summary>The stretches that the steps fall into, in their order; every step belongs to one.</summary>
    public IReadOnlyList<PlanStretch> Stretches { get; private set; } = [];

    public List<PlanStep> Create()
    {
        PlaceInJoins();
        var nodes = new List<PlanNode>();
        foreach (PlanNode node in graph.Nodes)
        {
            if (node.Op is ReshapeOp)
                values[node.Output].Root = Root(node.Inputs[0]);
            else
                nodes.Add(node);
        }
        Stretches = PlanStretch.Cut([.. nodes.Select(node => PlanLoads.Of(device, node, values, batch))], batch, room);
        var steps = new List<PlanStep>();
        foreach (PlanStretch stretch in Stretches)
        {
            parts = stretch.Parts;
            for (int i = stretch.First; i < stretch.End; i++)
                steps.Add(Step(nodes[i]));
        }
        return steps;
    }

    /// <summary>The value in whose memory another lies.</summary>
    public int Root(int value) => values[value].Root < 0 ? value : Root(values[value].Root);

    /// <summary>A convolution that only a join reads writes straight into the join.</summary>
    private void PlaceInJoins()
    {
        foreach (PlanNode join in graph.Nodes)
        {
            if (join.Op is not ConcatOp { Axis: 3 })
                continue;
            int first = 0;
            foreach (int input in join.Inputs)
            {
                if (values[input] is { IsPrivate: true, Maker: { IsConvolution: true, Addend: < 0 } })
                {
                    values[input].Root = join.Output;
                    values[input].FirstChannel = first;
                }
                first += values[input].Shape[3];
            }
        }
    }

    private PlanStep Step(PlanNode node) => node.Op switch
    {
        Convolution2DOp or Deconvolution2DOp => Convolution(node),
        LinearOp => Linear(node),
        MaxPooling2DOp => Pooling(node, "max pooling", (window, x, y) => device.Pooling.Max(window, x, y, null)),
        AveragePooling2DOp op => Pooling(node, "average pooling", (window, x, y) => device.Pooling.Average(window, op.Divisor, x, y)),
        ActivationOp op => Of(node, op.Name, 0, t => device.Elementwise.Activate(op.Activation, t[node.Inputs[0]], t[node.Output])),
        AddOp when node.Inputs.Length == 2 => Of(node, "add", 0, t => device.Elementwise.Combine(1, t[node.Inputs[0]], 1, t[node.Inputs[1]], t[node.Output])),
        LocalResponseNormalizationOp op => Of(node, op.Name, 0, t => device.Normalization.LocalResponse(op.Window, op.K, op.Alpha, op.Beta, t[node.Inputs[0]], t[node.Output])),
        BatchNormalizationOp op => Of(node, op.Name, 0, t => device.Normalization.Normalize(
            t[node.Inputs[0]], op.RunningMean, op.RunningVariance, t[node.Inputs[1]], t[node.Inputs[2]], op.Options.Epsilon, t[node.Output])),
        ConcatOp op => Concat(node, op.Axis),
        _ => Of(node, $"{node.Op.Name}, as outside plans", 0, t => Eager(node, t)),
    };

    private PlanStep Convolution(PlanNode node)
    {
        bool transposed = node.Op is Deconvolution2DOp;
        using var scope = new Scope();
        (Tensor w, Tensor? b) = FoldedWeights.Of(device, node, values, transposed);
        int root = values[node.Output].Root < 0 ? node.Output : values[node.Output].Root, first = values[node.Output].FirstChannel;
        PreparedConvolution prepared = parts > 1 && device.Convolution is CpuConvolution convolution
            ? convolution.Prepare(node.Geometry!, batch / parts, w, b, node.Relu, transposed, values[root].Shape[3], format, node.Window)
            : device.Convolution.Prepare(node.Geometry!, w, b, node.Relu, transposed, values[root].Shape[3], format, node.Window);
        if (last is not null)
            last.Following = prepared;
        last = prepared;
        int[] reads = node.Addend < 0 ? [node.Inputs[0]] : [node.Inputs[0], node.Addend];
        return new PlanStep(node.Layer, Described($"{(transposed ? "transposed " : "")}convolution, {prepared.Algorithm}"), node.Geometry!.Flops, prepared.Bytes + Bytes(node),
            prepared.Bytes, prepared.WorkspaceBytes, reads, node.Output,
            t => prepared.Run(t[node.Inputs[0]], t[root], first, node.Addend < 0 ? null : t[node.Addend]));
    }

    private PlanStep Pooling(PlanNode node, string algorithm, Action<PoolingGeometry, Tensor, Tensor> pool)
    {
        PoolingGeometry window = node.Window! with { Batch = node.Window!.Batch / parts };
        return Of(node, algorithm, 0, t => pool(window, t[node.Inputs[0]], t[node.Output]));
    }

    private PlanStep Linear(PlanNode node)
    {
        Shape x = values[node.Inputs[0]].Shape, w = values[node.Inputs[1]].Shape;
        var rows = new Shape(x[0], w[0]);
        if (format == WeightFormat.Half && device is CpuDevice cpu && values[node.Inputs[1]].Constant is { } weights && x[0] > 0)
        {
            Tensor? b = node.Inputs.Length > 2 ? values[node.Inputs[2]].Constant : null;
            if ((node.Inputs.Length < 3 || b is not null) && HalfProduct.Of(cpu, x[0], weights, b, node.Relu) is { } half)
            {
                long bytes = half.Bytes + ((b?.Count ?? 0) * sizeof(float));
                return new PlanStep(node.Layer, "matrix product, half-size weights", 2L * x[0] * w.Count, bytes + (sizeof(float) * (x.Count + values[node.Output].Shape.Count)), bytes, 0,
                    [node.Inputs[0]], node.Output, t => half.Run(t[node.Inputs[0]], t[node.Output]));
            }
        }
        return Of(node, "matrix product", 2L * x[0] * w.Count, t =>
        {
            Tensor bias = node.Inputs.Length > 2 ? t[node.Inputs[2]] : null!;
            using var scope = new Scope();
            device.MatrixMultiply.Multiply(t[node.Inputs[0]].Reshape(rows), false, t[node.Inputs[1]], false, t[node.Output], new Epilogue(bias, null, node.Relu));
        });
    }

    private PlanStep Concat(PlanNode node, int axis)
    {
        int[] copied = [.. node.Inputs.Where(input => values[input].Root != node.Output)];
        return Of(node, copied.Length == 0 ? "join, in place" : "join", 0, t =>
        {
            int[] to = new int[values[node.Output].Shape.Rank], from = new int[to.Length];
            foreach (int input in node.Inputs)
            {
                if (values[input].Root != node.Output)
                    device.Elementwise.CopyBox(t[input], from, t[node.Output], to, t[input].Shape.ToArray());
                to[axis] += values[input].Shape[axis];
            }
        });
    }

    private void Eager(PlanNode node, Tensor[] tensors)
    {
        using var scope = new Scope();
        Tensor y = node.Op.Forward(Saved.Nothing, [.. node.Inputs.Select(input => tensors[input])]);
        int[] zeros = new int[y.Shape.Rank];
        device.Elementwise.CopyBox(y, zeros, tensors[node.Output], zeros, y.Shape.ToArray());
    }

    private PlanStep Of(PlanNode node, string algorithm, long flops, Action<Tensor[]> run) =>
        new(node.Layer, Described(algorithm), flops, Bytes(node), sizeof(float) * node.Inputs.Where(input => values[input].Constant is not null).Sum(input => values[input].Shape.Count), 0, node.Inputs, node.Output, run);

    private string Described(string algorithm) => parts == 1 ? algorithm : string.Create(CultureInfo.InvariantCulture, $"{algorithm}, {batch / parts} at a time");

    private long Bytes(PlanNode node) => sizeof(float) * (node.Inputs.Where(input => !node.IsConvolution || values[input].Constant is null).Sum(input => values[input].Shape.Count) + values[node.Output].Shape.Count);
}
