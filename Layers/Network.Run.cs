using System.Diagnostics;
using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

public abstract partial class Network
{
    /// <summary>
    /// Computes the nodes, in the order asked. A value goes back to the pool after its last reader, or, on a tape that keeps it, after the backward pass; those asked for go to the scope around the call.
    /// </summary>
    /// <param name="x">The input; never released.</param>
    /// <param name="wanted">Nodes of this network.</param>
    /// <param name="timed">Told of each node's time, or null.</param>
    internal Variable[] Run(Variable x, IReadOnlyList<Node> wanted, Action<Node, TimeSpan>? timed = null)
    {
        int[] readers = CountReaders(wanted);
        readers[0]++; // the caller's
        var values = new Variable?[nodes.Count];
        values[0] = x;
        // A layer that does nothing in inference hands its input on; then both nodes share one count of readers, kept at the first.
        int[] first = new int[nodes.Count];
        int[] fused = Fused(x, readers);
        using Scope? run = Tape.Current is null ? new Scope() : null;
        foreach (Node node in nodes)
        {
            if (node.Index == 0 || readers[node.Index] == 0 || fused[node.Index] != 0)
                continue;
            long start = Stopwatch.GetTimestamp();
            (Variable y, IReadOnlyList<Node> read) = node.Inputs.Count > 0 && fused[node.Inputs[0].Index] == node.Index ? ComputeFused(node, values) : (Compute(node, values), node.Inputs);
            timed?.Invoke(node, Stopwatch.GetElapsedTime(start));
            values[node.Index] = y;
            first[node.Index] = node.Index;
            foreach (Node input in read)
            {
                if (ReferenceEquals(values[input.Index], y))
                {
                    first[node.Index] = first[input.Index];
                    readers[first[input.Index]] += readers[node.Index];
                }
            }
            foreach (Node input in read)
            {
                if (--readers[first[input.Index]] == 0)
                    values[input.Index]!.Release();
            }
        }
        var result = new Variable[wanted.Count];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = values[wanted[i].Index]!;
            run?.Keep(result[i].Value);
        }
        return result;
    }

    /// <summary>The shapes of all values that the wanted nodes need, by node index; null for the others.</summary>
    /// <exception cref="ShapeException">A layer cannot take what reaches it; the message names the layer.</exception>
    internal Shape?[] Shapes(Shape x, IReadOnlyList<Node> wanted)
    {
        int[] readers = CountReaders(wanted);
        var shapes = new Shape?[nodes.Count];
        shapes[0] = x;
        foreach (Node node in nodes)
        {
            if (node.Index == 0 || readers[node.Index] == 0)
                continue;
            try
            {
                shapes[node.Index] = node.Layer!.OutputShape([.. node.Inputs.Select(input => shapes[input.Index]!.Value)]);
            }
            catch (ShapeException e)
            {
                throw Named(node, e);
            }
        }
        return shapes;
    }

    private static Variable Compute(Node node, Variable?[] values)
    {
        var inputs = new Variable[node.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] = values[node.Inputs[i].Index]!;
        using LayerPath.Step step = node.Stage.Length == 0 ? default : LayerPath.Enter(node.Stage);
        try
        {
            return node.Layer!.Forward(inputs);
        }
        catch (ShapeException e)
        {
            throw Named(node, e);
        }
    }

    /// <summary>How often each node is read on the way to the wanted ones, being wanted counted as one; 0 where a node is not needed.</summary>
    private int[] CountReaders(IReadOnlyList<Node> wanted)
    {
        int[] readers = new int[nodes.Count];
        foreach (Node node in wanted)
            readers[node.Index]++;
        for (int i = nodes.Count - 1; i > 0; i--)
        {
            if (readers[i] == 0)
                continue;
            foreach (Node input in nodes[i].Inputs)
                readers[input.Index]++;
        }
        return readers;
    }

    private static ShapeException Named(Node node, ShapeException e) => new($"{node.Label}: {e.Message}");
}
