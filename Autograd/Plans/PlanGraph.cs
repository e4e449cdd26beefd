using NativeFree.Kernels;

namespace NativeFree.Autograd;

/// <summary>
/// The record of a traced model as a graph of numbered values, and the rewriting of it: padding goes into the convolution or pooling behind it, batch normalization into the weights before it,
/// additions and ReLUs into the operator before them, max pooling into the convolution before it where the device says so. What the caller asked for stays.
/// </summary>
internal sealed class PlanGraph
{
    private readonly Dictionary<Variable, int> numbers = new(ReferenceEqualityComparer.Instance);

    public PlanGraph(IReadOnlyList<TapeRecord> records, Variable input, IEnumerable<Variable> outputs, IConvolution convolution)
    {
        Input = Number(input, null);
        foreach (TapeRecord record in records)
        {
            int[] inputs = new int[record.Inputs.Count];
            for (int i = 0; i < inputs.Length; i++)
                inputs[i] = numbers.TryGetValue(record.Inputs[i], out int known) ? known : Number(record.Inputs[i], record.Inputs[i].Value);
            var node = new PlanNode(record.Op, record.Layer, inputs, Number(record.Output, null))
            {
                Geometry = record.Op switch
                {
                    Convolution2DOp op => op.Geometry,
                    Deconvolution2DOp op => op.Geometry,
                    _ => null,
                },
                Window = record.Op switch
                {
                    MaxPooling2DOp op => op.Geometry,
                    AveragePooling2DOp op => op.Geometry,
                    _ => null,
                },
            };
            Nodes.Add(node);
        }
        foreach (Variable output in outputs)
            Values[numbers[output]].Wanted = true;
        DropUnread();
        foreach (PlanNode node in Nodes.ToArray())
        {
            if (!Nodes.Contains(node))
                continue;
            FoldPadding(node);
            FoldNormalization(node);
            FoldAddition(node);
            FoldRelu(node);
            FoldPooling(node, convolution);
        }
    }

    public List<PlanNode> Nodes { get; } = [];

    public List<PlanValue> Values { get; } = [];

    public int Input { get; }

    /// <summary>The number of a variable that ran on the trace.</summary>
    public int this[Variable variable] => numbers[variable];

    private int Number(Variable variable, Tensor? constant)
    {
        numbers.Add(variable, Values.Count);
        Values.Add(new PlanValue(variable.Shape, constant));
        return Values.Count - 1;
    }

    private void DropUnread()
    {
        for (int i = Nodes.Count - 1; i >= 0; i--)
        {
            PlanNode node = Nodes[i];
            if (Values[node.Output] is { Readers: 0, Wanted: false })
            {
                Nodes.RemoveAt(i);
                continue;
            }
            foreach (int input in node.Inputs)
                Values[input].Readers++;
        }
        foreach (PlanNode node in Nodes)
            Values[node.Output].Maker = node;
    }

    private void FoldPadding(PlanNode node)
    {
        if (node.Op is not (Convolution2DOp or MaxPooling2DOp) || Values[node.Inputs[0]] is not { IsPrivate: true, Maker: { Op: BoxOp { Name: "Pad2D", Value: 0 } pad } padding })
            return;
        int top = pad.To[1], left = pad.To[2];
        Shape unpadded = Values[padding.Inputs[0]].Shape;
        if (node.Geometry is { } convolution)
        {
            node.Geometry = convolution with { InHeight = unpadded[1], InWidth = unpadded[2], PadTop = convolution.PadTop + top, PadLeft = convolution.PadLeft + left };
        }
        else
        {
            // Max pooling pads with −∞ where the layer padded with 0: the same while no value is negative and every window holds a pixel of the image.
            PoolingGeometry window = node.Window!;
            int bottom = pad.Shape[1] - unpadded[1] - top, right = pad.Shape[2] - unpadded[2] - left;
            bool holds = Math.Max(top, bottom) + window.PadTop < window.KernelHeight && Math.Max(left, right) + window.PadLeft < window.KernelWidth;
            if (!holds || Values[padding.Inputs[0]].Maker is not { Relu: true })
                return;
            node.Window = window with { InHeight = unpadded[1], InWidth = unpadded[2], PadTop = window.PadTop + top, PadLeft = window.PadLeft + left };
        }
        node.Inputs[0] = padding.Inputs[0];
        Nodes.Remove(padding);
    }

    private void FoldNormalization(PlanNode node)
    {
        if (node.Op is BatchNormalizationOp && Open(node.Inputs[0]) is { IsConvolution: true, Normalization: null } before)
        {
            before.Normalization = node;
            Replace(node, before);
        }
    }

    private void FoldAddition(PlanNode node)
    {
        if (node.Op is not AddOp || node.Inputs.Length != 2 || node.Inputs[0] == node.Inputs[1])
            return;
        for (int i = 0; i < 2; i++)
        {
            if (Open(node.Inputs[i]) is not { IsConvolution: true } before)
                continue;
            before.Addend = node.Inputs[1 - i];
            Replace(node, before);
            return;
        }
    }

    private void FoldRelu(PlanNode node)
    {
        if (node.Op is not ActivationOp { Activation.Kind: ActivationKind.Relu } || Values[node.Inputs[0]] is not { IsPrivate: true, Maker: { Relu: false } before })
            return;
        if (before is { IsConvolution: true, Window: null } || before.Op is LinearOp)
        {
            before.Relu = true;
            Replace(node, before);
        }
        else if (before.Op is ConcatOp && Array.TrueForAll(before.Inputs, input => Open(input) is { IsConvolution: true }))
        {
            // ReLU of a join is the join of ReLUs.
            foreach (int input in before.Inputs)
                Values[input].Maker!.Relu = true;
            Replace(node, before);
        }
    }

    /// <summary>After the convolution's own additions and ReLU; what follows the pooling stays behind it.</summary>
    private void FoldPooling(PlanNode node, IConvolution convolution)
    {
        if (node.Op is not MaxPooling2DOp || Values[node.Inputs[0]] is not { IsPrivate: true, Maker: { Op: Convolution2DOp, Window: null } before } || !convolution.Pools(before.Geometry!, node.Window!))
            return;
        before.Window = node.Window;
        Replace(node, before);
    }

    /// <summary>The maker of a value that only the node in hand reads, if something may still be fused to it.</summary>
    private PlanNode? Open(int value) => Values[value] is { IsPrivate: true, Maker: { IsOpen: true } maker } ? maker : null;

    /// <summary>Lets <paramref name="before"/> do what <paramref name="node"/> did, in its place and time.</summary>
    private void Replace(PlanNode node, PlanNode before)
    {
        Nodes.Remove(before);
        Nodes[Nodes.IndexOf(node)] = before;
        before.Output = node.Output;
        Values[node.Output].Maker = before;
        if (node.Layer.Length > 0 && node.Layer != before.Layer)
            before.Layer = before.Layer.Length == 0 ? node.Layer : $"{before.Layer} + {node.Layer}";
    }
}
