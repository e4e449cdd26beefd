using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>
/// A layer made of layers: values computed one after another from the input, some of them with names under which they can be asked for. A derived class applies layers to nodes in its constructor; from that one
/// record come the forward pass, which computes only what is wanted and frees each value after its last reader, the shapes, and the summary.
/// </summary>
public abstract partial class Network : Layer
{
    private readonly List<Node> nodes = [new Node(0, "", null, null, [])];
    private readonly List<string> available = [];
    private readonly Dictionary<string, Node> byName = new(StringComparer.Ordinal);

    /// <summary>Starts with the input alone.</summary>
    protected Network()
    {
    }

    /// <summary>All values, the input first, each after those it reads.</summary>
    public IReadOnlyList<Node> Nodes => nodes;

    /// <summary>The names of the values that can be asked for, in network order.</summary>
    public IReadOnlyList<string> AvailableLayers => available;

    /// <summary>The value that the network as a whole gives: the last one made, unless a derived class chose another.</summary>
    public Node Output { get => field ?? nodes[^1]; protected set; }

    /// <summary>The network's input.</summary>
    protected Node Input => nodes[0];

    /// <summary>The values called <paramref name="layers"/>, in network order; only what they need is computed. With a tape active all of it is recorded.</summary>
    /// <param name="x">The input, prepared.</param>
    /// <param name="layers">Names out of <see cref="AvailableLayers"/> or their aliases; one named twice is answered once.</param>
    /// <exception cref="UnknownLayerException">A name is not there; the message lists the names and the nearest one.</exception>
    /// <exception cref="ShapeException">A layer cannot take what reaches it; the message names the layer.</exception>
    public IReadOnlyDictionary<string, Variable> Forward(Variable x, IReadOnlyList<string> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var wanted = new List<(string Name, Node Node)>();
        foreach (string name in layers)
        {
            if (!wanted.Exists(item => item.Name == name))
                wanted.Add((name, Find(name)));
        }
        wanted.Sort(static (a, b) => a.Node.Index.CompareTo(b.Node.Index));
        Variable[] values = Run(x, [.. wanted.Select(item => item.Node)]);
        var result = new OrderedDictionary<string, Variable>(StringComparer.Ordinal);
        for (int i = 0; i < values.Length; i++)
            result.Add(wanted[i].Name, values[i]);
        return result;
    }

    /// <inheritdoc/>
    public override Shape OutputShape(Shape x) => Shapes(x, [Output])[Output.Index]!.Value;

    /// <inheritdoc/>
    public override long Flops(Shape x)
    {
        Shape?[] shapes = Shapes(x, [Output]);
        return nodes.Skip(1).Where(node => shapes[node.Index] is not null).Sum(node => node.Layer!.Flops(shapes[node.Inputs[0].Index]!.Value));
    }

    /// <summary>Puts another layer where one is; everything that used the old one uses the new one.</summary>
    /// <param name="path">Path of the old layer: <c>fc6</c>, <c>res5/b2/conv3</c>.</param>
    /// <param name="layer">The new layer, not part of any tree yet.</param>
    /// <exception cref="KeyNotFoundException">There is no layer at the path; the message lists what is there.</exception>
    /// <exception cref="ArgumentException">The layer has a place already.</exception>
    public void Replace(string path, Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Exchange(Slot(path), layer);
    }

    /// <summary>The node of a name or alias.</summary>
    /// <exception cref="UnknownLayerException">There is none.</exception>
    public Node Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return byName.TryGetValue(name, out Node? node) ? node : throw new UnknownLayerException(ToString(), name, available);
    }

    /// <summary>Every name and alias of a node, in the order in which they were given.</summary>
    internal IEnumerable<string> NamesOf(Node node) => byName.Where(item => item.Value == node).Select(item => item.Key);

    /// <inheritdoc/>
    protected override Variable Compute(Variable x) => Run(x, [Output])[0];

    /// <summary>Applies a layer that has no parameters and no place in the tree.</summary>
    protected Node Apply(Layer layer, params ReadOnlySpan<Node> inputs) => Put("", null, layer, inputs.ToArray());

    /// <summary>Puts a layer into the tree at a path and applies it.</summary>
    protected Node Apply(string path, Layer layer, params ReadOnlySpan<Node> inputs) => Put(path[..Math.Max(path.LastIndexOf('/'), 0)], Attach(path, layer), null, inputs.ToArray());

    /// <summary>
    /// Puts a block into the tree and repeats its nodes here, so that its inner values are freed, timed and named like all others. With an empty path the block's layers stand beside this network's own and
    /// its names become names here. With <paramref name="until"/> the block is cut off behind one of its nodes: only what that node needs is repeated, and, with an empty path, only those layers move.
    /// </summary>
    protected Node Apply(string path, Network block, Node x, Node? until = null)
    {
        ArgumentNullException.ThrowIfNull(block);
        int[]? needed = until is null ? null : block.CountReaders([until]);
        if (path.Length == 0)
            Adopt(block, needed is null ? null : block.nodes.Where(node => needed[node.Index] > 0).Select(node => node.Layer).OfType<Layer>().ToHashSet());
        else
            Attach(path, block);
        var copies = new Dictionary<Node, Node> { [block.Input] = x };
        foreach (Node node in block.nodes.Skip(1).Where(node => needed is null || needed[node.Index] > 0))
        {
            Node copy = Put(Join(path, node.Place), node.Slot, node.Slot is null ? node.Layer : null, [.. node.Inputs.Select(input => copies[input])]);
            copies.Add(node, copy);
            if (path.Length == 0 && node.Name is not null)
                Publish(node.Name, copy, [.. block.byName.Where(item => item.Value == node && item.Key != node.Name).Select(item => item.Key)]);
        }
        return copies[until ?? block.Output];
    }

    /// <summary>Gives a node a name to be asked for by, and aliases that are understood but not listed.</summary>
    protected Node Publish(string name, Node node, params ReadOnlySpan<string> aliases)
    {
        byName.Add(name, node);
        available.Add(name);
        node.Name ??= name;
        return Alias(node, aliases);
    }

    /// <summary>Names that are understood but not listed.</summary>
    protected Node Alias(Node node, params ReadOnlySpan<string> aliases)
    {
        foreach (string alias in aliases)
            byName.Add(alias, node);
        return node;
    }

    private Node Put(string place, LayerSlot? slot, Layer? layer, Node[] inputs)
    {
        var node = new Node(nodes.Count, place, slot, layer, inputs);
        nodes.Add(node);
        return node;
    }
}
