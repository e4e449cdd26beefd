using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;

namespace NativeFree.Training;

/// <summary>A second copy, on the same device, of everything in a network that training moves: parameters that are not frozen and running statistics.</summary>
internal sealed class WeightCopy
{
    // An optimizer may move a parameter's value to another tensor.
    private readonly List<(string Path, Func<Tensor> Value, Tensor Copy)> items = [];

    /// <summary>Makes room; <see cref="Take"/> fills it.</summary>
    public WeightCopy(Network network)
    {
        foreach ((string path, Parameter parameter) in network.NamedParameters())
        {
            if (parameter.IsInitialized && !parameter.Frozen)
                items.Add((path, () => parameter.Value, Room(parameter.Value)));
        }
        foreach ((string path, Statistic statistic) in network.NamedStatistics())
            items.Add((path, () => statistic.Value, Room(statistic.Value)));
    }

    /// <summary>Copies the present weights.</summary>
    public void Take()
    {
        foreach ((_, Func<Tensor> value, Tensor copy) in items)
            copy.Device.Elementwise.Scale(1, value(), copy);
    }

    /// <summary>Makes the copied weights the present ones, and keeps those that were.</summary>
    public void Swap()
    {
        foreach ((_, Func<Tensor> value, Tensor copy) in items)
        {
            using var scope = new Scope();
            Tensor present = value(), other = new(copy.Device, copy.Shape);
            copy.Device.Elementwise.Scale(1, present, other);
            copy.Device.Elementwise.Scale(1, copy, present);
            copy.Device.Elementwise.Scale(1, other, copy);
        }
    }

    public void Save(StateWriter state)
    {
        foreach ((string path, _, Tensor copy) in items)
            state.Write(path, copy);
    }

    public static WeightCopy Restore(Network network, StateReader state)
    {
        var restored = new WeightCopy(network);
        foreach ((string path, _, Tensor copy) in restored.items)
            copy.CopyFrom(state.Floats(path, copy.Count));
        return restored;
    }

    private static Tensor Room(Tensor value) => Scope.Detach(new Tensor(value.Device, value.Shape));
}
