namespace NativeFree.Layers;

/// <summary>One value of a <see cref="Network"/>: a layer applied to earlier values. Nodes stand in the order of their making, every one after its inputs.</summary>
public sealed class Node
{
    private readonly Layer? layer;

    internal Node(int index, string place, LayerSlot? slot, Layer? layer, IReadOnlyList<Node> inputs)
    {
        Index = index;
        Place = place;
        Slot = slot;
        this.layer = layer;
        Inputs = inputs;
    }

    /// <summary>Place in <see cref="Network.Nodes"/>; 0 is the network's input.</summary>
    public int Index { get; }

    /// <summary>The name under which the value can be asked for, or null for a value inside a stage.</summary>
    public string? Name { get; internal set; }

    /// <summary>The layer that computes the value; null for the network's input.</summary>
    public Layer? Layer => Slot?.Layer ?? layer;

    /// <summary>The values that the layer reads.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>Something to call the node in tables and errors: its layer's path, its own name, or its layer's type.</summary>
    public string Label => Slot is not null ? Slot.Layer.Path : Name ?? layer?.GetType().Name ?? "input";

    /// <summary>Path, from the network, of what the node's layer stands in: <c>res2/a</c> for <c>res2/a/conv1</c>.</summary>
    internal string Place { get; }

    /// <summary>What is entered on the tape around the layer, which adds its own name where it has one.</summary>
    internal string Stage => Slot is null && Name is not null ? Name : Place;

    internal LayerSlot? Slot { get; }

    /// <inheritdoc/>
    public override string ToString() => Label;
}
