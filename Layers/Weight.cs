using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>What a layer knows of one of its parameters before the parameter has values: shape and first values.</summary>
internal sealed class Weight(Layer layer, Parameter parameter, Shape? shape, Initializer initializer, Func<Shape, (long In, long Out)> fan)
{
    private readonly Lock gate = new();

    public Layer Layer => layer;

    public Parameter Parameter => parameter;

    public Shape? Shape { get; set; } = shape;

    /// <summary>Gives the parameter its first values where its shape is known and it has none.</summary>
    public void Initialize()
    {
        if (parameter.IsInitialized || Shape is not { } known)
            return;
        lock (gate)
        {
            if (parameter.IsInitialized)
                return;
            parameter.Path = Layer.Join(layer.Path, parameter.Name);
            (long fanIn, long fanOut) = fan(known);
            var tensor = new Tensor(layer.Device, known);
            tensor.Write((Random: new RandomSequence(layer.Seed, parameter.Path), initializer), (values, state) => state.initializer.Fill(values, fanIn, fanOut, state.Random));
            parameter.Initialize(tensor);
        }
    }

    /// <summary>Hands over values; the caller checked the shape.</summary>
    public void Set(Tensor values)
    {
        lock (gate)
        {
            parameter.Path = Layer.Join(layer.Path, parameter.Name);
            parameter.Initialize(values);
        }
    }

    public void To(Device device)
    {
        lock (gate)
        {
            if (parameter.IsInitialized && !ReferenceEquals(parameter.Device, device))
                parameter.Initialize(parameter.Value.To(device));
        }
    }
}
