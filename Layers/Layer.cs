using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Layers;

/// <summary>
/// A function of an activation, with named parts: parameters that optimizers move, statistics that they do not, and child layers. Every part has a path from the root of its tree, such as
/// <c>res2/a/conv1/W</c>. Parts take memory when they are first used or loaded, so a network that is only summed up costs nothing.
/// </summary>
public abstract partial class Layer
{
    private readonly List<LayerSlot> children = [];
    private readonly List<Weight> weights = [];
    private readonly List<Statistic> statistics = [];
    private Layer? parent;
    private string name = "";
    private Device? device;
    private int? seed;

    /// <summary>Names from the root of the tree to this layer, joined by <c>/</c>; empty for the root.</summary>
    public string Path => parent is null ? name : Join(parent.Path, name);

    /// <summary>Where the values lie, or will once they are needed: the device set by <see cref="To"/> on this layer or the nearest one above, else <see cref="Device.Default"/>.</summary>
    public Device Device => device ?? parent?.Device ?? Device.Default;

    /// <summary>Start of the random numbers for initial values, taken from the layer above where it is not set. Together with a parameter's path it fixes the parameter's values.</summary>
    public int Seed
    {
        get => seed ?? parent?.Seed ?? 0;
        set => seed = value;
    }

    /// <summary>The layers directly below, in the order of their making, with their names.</summary>
    public IReadOnlyList<(string Name, Layer Layer)> Children => [.. children.Select(child => (child.Name, child.Layer))];

    /// <summary>This layer's own parameters.</summary>
    public IReadOnlyList<Parameter> Parameters => [.. weights.Select(weight => weight.Parameter)];

    /// <summary>This layer's own running statistics.</summary>
    public IReadOnlyList<Statistic> Statistics => statistics;

    /// <summary>The layer at a path below this one.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists what is there.</exception>
    public Layer this[string path] => Slot(path).Layer;

    /// <summary>y = f(x). With a tape active the operators are recorded on it.</summary>
    /// <param name="x">Activation, float32, usually [N, H, W, C] or [N, F].</param>
    /// <exception cref="ShapeException">The shape of <paramref name="x"/> does not suit the layer.</exception>
    public Variable Forward(Variable x)
    {
        ArgumentNullException.ThrowIfNull(x);
        using LayerPath.Step step = Enter();
        Learn(x.Shape);
        Initialize();
        return Compute(x);
    }

    /// <summary>y = f(x₀, x₁, …) for layers that join several activations; the others take exactly one.</summary>
    /// <exception cref="ShapeException">The number or the shapes of the inputs do not suit the layer.</exception>
    public Variable Forward(params ReadOnlySpan<Variable> inputs)
    {
        if (inputs.Length == 1)
            return Forward(inputs[0]);
        using LayerPath.Step step = Enter();
        return Compute(inputs);
    }

    /// <summary>Goes into this layer's part of the path that errors and profiles name.</summary>
    private protected LayerPath.Step Enter() => name.Length == 0 ? default : LayerPath.Enter(name);

    /// <summary>Gives every parameter of this layer that has a known shape and no value yet its first values. <see cref="Forward(Variable)"/> does it for the layers that run.</summary>
    public void Initialize()
    {
        foreach (Weight weight in weights)
            weight.Initialize();
    }

    /// <summary>The shape of y for an x of the given shape; nothing is computed.</summary>
    /// <exception cref="ShapeException">The shape does not suit the layer.</exception>
    public abstract Shape OutputShape(Shape x);

    /// <summary>As <see cref="OutputShape(Shape)"/>, for layers that join several activations.</summary>
    /// <exception cref="ShapeException">The number or the shapes of the inputs do not suit the layer.</exception>
    public virtual Shape OutputShape(params ReadOnlySpan<Shape> inputs) =>
        inputs.Length == 1 ? OutputShape(inputs[0]) : throw new ShapeException($"{GetType().Name}: takes one input; got {inputs.Length}.");

    /// <summary>Multiplications and additions of matrix products and convolutions for an x of the given shape; elementwise work, pooling and normalization count as 0.</summary>
    public virtual long Flops(Shape x) => 0;

    /// <summary>All layers below with their paths relative to this one, depth first, a parent before its children.</summary>
    public IEnumerable<(string Path, Layer Layer)> Descendants()
    {
        foreach (LayerSlot child in children)
        {
            yield return (child.Name, child.Layer);
            foreach ((string path, Layer layer) in child.Layer.Descendants())
                yield return (Join(child.Name, path), layer);
        }
    }

    /// <summary>All parameters of this layer and those below, with their paths relative to this layer: <c>res2/a/conv1/W</c>.</summary>
    public IEnumerable<(string Path, Parameter Parameter)> NamedParameters() => NamedWeights().Select(item => (item.Path, item.Weight.Parameter));

    /// <summary>All running statistics of this layer and those below, with their paths relative to this layer: <c>bn1/avg_mean</c>.</summary>
    public IEnumerable<(string Path, Statistic Statistic)> NamedStatistics()
    {
        foreach (Statistic own in statistics)
            yield return (own.Name, own);
        foreach ((string path, Layer layer) in Descendants())
        {
            foreach (Statistic statistic in layer.statistics)
                yield return (Join(path, statistic.Name), statistic);
        }
    }

    /// <summary>
    /// Moves everything that has memory already, here and below, to another device, and lets everything else be made there: parameters and running statistics with their exact values. Gradients are dropped; an optimizer's
    /// state follows at its next update. Compiled plans stay where they are.
    /// </summary>
    /// <returns>This layer.</returns>
    public Layer To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        this.device = device;
        foreach (Weight weight in weights)
            weight.To(device);
        foreach (Statistic statistic in statistics)
            statistic.To(device);
        foreach (LayerSlot child in children)
            child.Layer.To(device);
        return this;
    }

    /// <summary>Path, or the type where the layer has none.</summary>
    public override string ToString() => Path is { Length: > 0 } path ? $"{path} ({GetType().Name})" : GetType().Name;

    /// <summary>Puts a layer below this one; its name may be a path, whose missing parts are made as groups.</summary>
    /// <returns>The layer, so that a constructor can keep it in a field.</returns>
    /// <exception cref="ArgumentException">The name is taken or empty, or the layer has its place in a tree already.</exception>
    protected T AddChild<T>(string path, T layer) where T : Layer
    {
        Attach(path, layer);
        return layer;
    }

    /// <summary>Declares a parameter, made by <paramref name="initializer"/> when its values are first needed.</summary>
    /// <param name="name">Last part of its path: <c>W</c>, <c>b</c>, <c>gamma</c> …</param>
    /// <param name="shape">Its extents, or null where they follow from the first input; then <see cref="Learn"/> gives them by <see cref="FixShape"/>.</param>
    /// <param name="initializer">What it holds at first.</param>
    /// <param name="fan">Inputs that one output sums over, and outputs that one input feeds, from the shape.</param>
    protected Parameter AddParameter(string name, Shape? shape, Initializer initializer, Func<Shape, (long In, long Out)> fan)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        ArgumentNullException.ThrowIfNull(fan);
        var weight = new Weight(this, new Parameter(name), shape, initializer, fan);
        weights.Add(weight);
        return weight.Parameter;
    }

    /// <summary>Declares a parameter whose first values do not depend on its size: a bias, a scale.</summary>
    protected Parameter AddParameter(string name, Shape shape, Initializer initializer) => AddParameter(name, shape, initializer, static _ => (1, 1));

    /// <summary>Gives a declared parameter the shape that waited for the first input; does nothing where it has one.</summary>
    protected void FixShape(Parameter parameter, Shape shape) => weights.Find(weight => weight.Parameter == parameter)!.Shape ??= shape;

    /// <summary>The declared shape of one of this layer's parameters, known before its values are; null while it waits for the first input.</summary>
    protected Shape? ShapeOf(Parameter parameter) => weights.Find(weight => weight.Parameter == parameter)!.Shape;

    /// <summary>Called before the parameters are needed, with the shape of the input: the moment to <see cref="FixShape"/>.</summary>
    protected virtual void Learn(Shape x)
    {
    }

    /// <summary>Computes y for one input; the parameters have their values.</summary>
    protected abstract Variable Compute(Variable x);

    /// <summary>Computes y for several inputs, in layers that join them.</summary>
    protected virtual Variable Compute(ReadOnlySpan<Variable> inputs) => throw new ShapeException($"{GetType().Name}: takes one input; got {inputs.Length}.");

    /// <summary>Declares a running statistic, which starts at one value everywhere.</summary>
    protected Statistic AddStatistic(string name, Shape shape, float initial)
    {
        var statistic = new Statistic(name, shape, initial, () => Device);
        statistics.Add(statistic);
        return statistic;
    }

    /// <summary>All declared parameters of this layer and those below, with their paths.</summary>
    internal IEnumerable<(string Path, Weight Weight)> NamedWeights()
    {
        foreach (Weight own in weights)
            yield return (own.Parameter.Name, own);
        foreach ((string path, Layer layer) in Descendants())
        {
            foreach (Weight weight in layer.weights)
                yield return (Join(path, weight.Parameter.Name), weight);
        }
    }

    internal static string Join(string first, string second) => first.Length == 0 ? second : second.Length == 0 ? first : $"{first}/{second}";
}
