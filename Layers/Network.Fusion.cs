using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>What is fused while training, as the device says: nodes whose value nobody else reads go into the ReLU behind them.</summary>
public abstract partial class Network
{
    // For each node, the ReLU that computes it along, or 0.
    private int[] Fused(Variable x, int[] readers)
    {
        int[] into = new int[nodes.Count];
        Fusions fusions = x.Device.Fusions;
        if (fusions == Fusions.None || Tape.Current is not { Training: true })
            return into;
        foreach (Node node in nodes)
        {
            if (readers[node.Index] == 0 || node.Layer is not Relu || node.Inputs[0] is not { } joint || readers[joint.Index] != 1)
                continue;
            if (joint.Layer is BatchNormalization && fusions.HasFlag(Fusions.NormalizeRelu))
            {
                into[joint.Index] = node.Index;
            }
            else if (fusions.HasFlag(Fusions.NormalizeAddRelu) && joint.Layer is Add && joint.Inputs.Count == 2 && Normalized(joint, readers) is { } normalization)
            {
                into[joint.Index] = node.Index;
                into[normalization.Index] = node.Index;
            }
            else if (fusions.HasFlag(Fusions.ConvolutionBranches) && joint.Layer is Concat && joint.Inputs.Count > 1 && joint.Inputs.Distinct().Count() == joint.Inputs.Count && joint.Inputs.All(branch => branch.Layer is Convolution2D && readers[branch.Index] == 1))
            {
                into[joint.Index] = node.Index;
                foreach (Node branch in joint.Inputs)
                    into[branch.Index] = node.Index;
            }
        }
        return into;
    }

    // The operand of a sum that is a normalization which nobody else reads: the second in the order of computation, so that the other one is there.
    private static Node? Normalized(Node sum, int[] readers)
    {
        Node last = sum.Inputs[0].Index > sum.Inputs[1].Index ? sum.Inputs[0] : sum.Inputs[1];
        return last.Layer is BatchNormalization && readers[last.Index] == 1 ? last : null;
    }

    // A ReLU with what was fused into it, and the nodes whose values it read.
    private static (Variable Value, IReadOnlyList<Node> Read) ComputeFused(Node node, Variable?[] values)
    {
        Node joint = node.Inputs[0];
        using LayerPath.Step step = node.Stage.Length == 0 ? default : LayerPath.Enter(node.Stage);
        try
        {
            if (joint.Layer is BatchNormalization alone)
                return (alone.Relu(values[joint.Inputs[0].Index]!), joint.Inputs);
            if (joint.Layer is Add)
            {
                Node normalization = joint.Inputs[0].Index > joint.Inputs[1].Index ? joint.Inputs[0] : joint.Inputs[1];
                Node shortcut = ReferenceEquals(normalization, joint.Inputs[0]) ? joint.Inputs[1] : joint.Inputs[0];
                Node x = normalization.Inputs[0];
                return (((BatchNormalization)normalization.Layer!).AddRelu(values[x.Index]!, values[shortcut.Index]!), [x, shortcut]);
            }
            Node[] read = [.. joint.Inputs.Select(static branch => branch.Inputs[0])];
            return (F.ConvolutionBranches([.. joint.Inputs.Select(branch => ((Convolution2D)branch.Layer!).Branch(values[branch.Inputs[0].Index]!))]), read);
        }
        catch (Kernels.ShapeException e)
        {
            throw Named(node, e);
        }
    }
}
