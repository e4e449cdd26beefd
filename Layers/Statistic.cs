using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>Values that belong to a layer and to its weight file, but move by running average and not by gradient: <c>avg_mean</c>, <c>avg_var</c>.</summary>
public sealed class Statistic
{
    private readonly float initial;
    private readonly Func<Device> device;
    private readonly Lock gate = new();
    private Tensor? data;

    internal Statistic(string name, Shape shape, float initial, Func<Device> device)
    {
        Name = name;
        Shape = shape;
        this.initial = initial;
        this.device = device;
    }

    /// <summary>Last part of its path.</summary>
    public string Name { get; }

    /// <summary>The extents.</summary>
    public Shape Shape { get; }

    /// <summary>The values, float32; made with the initial value when first asked for.</summary>
    public Tensor Value
    {
        get
        {
            lock (gate)
                return data ??= Scope.Detach(Tensor.Filled(device(), Shape, initial));
        }
    }

    /// <summary>Hands over values; the caller checked the shape.</summary>
    internal void Set(Tensor values)
    {
        lock (gate)
            data = Scope.Detach(values);
    }

    internal void To(Device target)
    {
        lock (gate)
        {
            if (data is not null)
                data = Scope.Detach(data.To(target));
        }
    }
}
