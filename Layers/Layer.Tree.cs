namespace NativeFree.Layers;

public abstract partial class Layer
{
    /// <summary>The slot at a path, made by <see cref="Attach"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    internal LayerSlot Slot(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        Layer at = this;
        LayerSlot? slot = null;
        foreach (string part in path.Split('/'))
        {
            slot = at.children.Find(child => child.Name == part) ?? throw new KeyNotFoundException(
                $"{(at.Path.Length == 0 ? GetType().Name : at.Path)}: no layer is called '{part}' (asked for '{path}'); there are {string.Join(", ", at.children.Select(child => child.Name))}.");
            at = slot.Layer;
        }
        return slot!;
    }

    internal LayerSlot Attach(string path, Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (layer.parent is not null)
            throw new ArgumentException($"{path}: a layer has one place; it is '{layer.Path}' already; make another one.");
        string[] parts = path.Split('/');
        Layer at = this;
        foreach (string part in parts[..^1])
            at = at.children.Find(child => child.Name == part)?.Layer ?? at.Put(part, new Group()).Layer;
        return at.Put(parts[^1], layer);
    }

    /// <summary>Puts another layer where one was. Whatever refers to the slot sees the new one.</summary>
    internal void Exchange(LayerSlot slot, Layer layer)
    {
        if (layer.parent is not null)
            throw new ArgumentException($"Replace: a layer has one place; it is '{layer.Path}' already; make another one.");
        Layer old = slot.Layer;
        layer.parent = old.parent;
        layer.name = old.name;
        if (layer.device is null && old.device is not null)
            layer.To(old.device);
        slot.Layer = layer;
        old.parent = null;
        old.name = "";
    }

    /// <summary>Takes over the slots of a block whose layers carry full names of their own, so that they stand beside this layer's; those alone that hold one of <paramref name="used"/>, where it is given.</summary>
    internal void Adopt(Layer block, IReadOnlySet<Layer>? used = null)
    {
        foreach (LayerSlot slot in block.children)
        {
            if (used is not null && !used.Contains(slot.Layer) && !slot.Layer.Descendants().Any(item => used.Contains(item.Layer)))
                continue;
            RequireFree(slot.Name);
            slot.Layer.parent = this;
            children.Add(slot);
        }
    }

    private LayerSlot Put(string name, Layer layer)
    {
        RequireFree(name);
        var slot = new LayerSlot(name, layer);
        layer.parent = this;
        layer.name = name;
        children.Add(slot);
        return slot;
    }

    private void RequireFree(string name)
    {
        if (name.Length == 0)
            throw new ArgumentException($"{this}: a child has a name; got an empty one.");
        if (children.Exists(child => child.Name == name))
            throw new ArgumentException($"{this}: names are unique; '{name}' is taken.");
    }
}

/// <summary>A named place for a layer. Nodes of a network refer to the place, so that replacing its layer reaches them.</summary>
internal sealed class LayerSlot(string name, Layer layer)
{
    public string Name => name;

    public Layer Layer { get; set; } = layer;
}
