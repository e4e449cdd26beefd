using NativeFree.Kernels;
using NativeFree.Layers;

namespace NativeFree.Models;

/// <summary>How the new layers of a <see cref="FineTuned"/> are made.</summary>
public sealed record NewLayerOptions
{
    /// <summary>Outputs of the new layers before the last; each is followed by ReLU. None unless set.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [];

    /// <summary>Whether an activation [N, H, W, C] is averaged over its pixels first; else it is flattened, as Chainer's Linear does.</summary>
    public bool Average { get; init; }

    /// <summary>What dropout behind each hidden layer drops, 0 to below 1.</summary>
    public float Dropout { get; init; }
}

/// <summary>
/// A model of the zoo up to one of its layers, the tap, and new fully connected layers on it: Chainer's way of fine-tuning. The base keeps its names, preprocessing and weights; what lies behind the tap is left
/// out. The new layers are called <c>head1</c>, <c>head2</c>, …; the last one gives the scores, <c>logits</c>, and <c>probabilities</c> their softmax.
/// </summary>
public sealed class FineTuned : Model
{
    // More than anyone puts on features; a checkpoint that was changed must not ask for millions.
    private const int MostLayers = 8;

    /// <summary>Builds the network out of a model, whose layers move into it.</summary>
    /// <param name="model">The base, usually loaded from a weight file. Its own later layers are lost to it.</param>
    /// <param name="tap">The layer that the new ones read: <c>pool5</c>, <c>fc7</c>, <c>res5</c>, <c>block5_pool</c> …</param>
    /// <param name="classes">Outputs of the last new layer.</param>
    /// <param name="options">The other new layers; none when null.</param>
    /// <exception cref="UnknownLayerException">The model has no such layer.</exception>
    /// <exception cref="ModelOptionsException">A size is below 1, a dropout ratio not in 0 to below 1, or the tap is the model's own scores or probabilities.</exception>
    /// <exception cref="ShapeException">The model cannot take pictures of its input size.</exception>
    public FineTuned(Model model, string tap, int classes, NewLayerOptions? options = null)
        : base(Required(model).Name, model.Origin, model.Options with { Classes = classes, Top = true }, model.Preprocessing)
    {
        if (model is FineTuned)
            throw new ModelOptionsException($"{model}: new layers are put on a model of the zoo; this one has some already; replace its classes instead (ReplaceHeads; on the command line, without --tap).");
        Base = model;
        Tap = tap;
        NewLayerOptions = options ??= new NewLayerOptions();
        Node from = model.Find(tap);
        if (model.ProbabilityLayer is { } last && (from == model.Find(last) || from == model.Find("logits")))
            throw new ModelOptionsException($"{model}: new layers read a layer before the model's own classes; got '{tap}'; replace the classes instead (ReplaceHeads; on the command line, without --tap).");
        if (classes < 1 || options.Hidden.Count >= MostLayers || options.Hidden.Any(outputs => outputs < 1) || !(options.Dropout is >= 0 and < 1))
        {
            throw new ModelOptionsException(
                $"{model}: there are at most {MostLayers} new layers, with at least one output, and dropout is 0 to below 1; got {string.Join(", ", [.. options.Hidden.Take(MostLayers), classes])} and {options.Dropout}.");
        }
        Shape features = model.Shapes(new Shape(1, InputSize, InputSize, 3), [from])[from.Index]!.Value;
        FeatureShape = new Shape(features.ToArray().AsSpan(1));
        NewLayers = new Head(FeatureShape, options, classes);
        Device device = model.Device;
        Node scores = Apply("", NewLayers, Apply("", model, Input, from));
        Publish("probabilities", Apply(new Softmax(), scores));
        To(device);
        Seed = model.Seed;
    }

    /// <summary>The model that the base was taken from. It still computes everything up to the tap, with the weights of this network.</summary>
    public Model Base { get; }

    /// <summary>The layer that the new ones read.</summary>
    public string Tap { get; }

    /// <summary>How the new layers were made.</summary>
    public NewLayerOptions NewLayerOptions { get; }

    /// <summary>The new layers as a network of their own, from the tap's values to the scores; it shares the weights.</summary>
    public Network NewLayers { get; }

    /// <summary>Extents of the tap's values for one picture: [H, W, C] or [F].</summary>
    public Shape FeatureShape { get; }

    /// <summary>Whether the base is frozen as a whole and runs in inference mode, unrecorded, also in training: stored statistics, no dropout. Its features for a picture are then always the same.</summary>
    public bool BaseFrozen { get; private set; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> DefaultLayers => [Tap];

    /// <inheritdoc/>
    public override string ProbabilityLayer => "probabilities";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Heads => [NewLayers.AvailableLayers[^1]];

    /// <inheritdoc/>
    protected override bool IsBase(string path) => !NewLayers.AvailableLayers.Any(head => path == head || path.StartsWith(head + "/", StringComparison.Ordinal));

    /// <inheritdoc/>
    public override int OriginalInputSize => Base.InputSize;

    /// <inheritdoc/>
    public override void FreezeBase()
    {
        base.FreezeBase();
        BaseFrozen = true;
    }

    /// <summary>The tap's values, in inference mode; they belong to the scope around the call.</summary>
    /// <param name="prepared">float32 [N, H, W, 3].</param>
    /// <returns>float32 [N, …<see cref="FeatureShape"/>].</returns>
    public Tensor Features(Tensor prepared)
    {
        using var inference = new Scope();
        return inference.Keep(Base.Forward(prepared, [Tap])[Tap].Value);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{base.ToString()} with {NewLayers.AvailableLayers.Count} new layer{(NewLayers.AvailableLayers.Count == 1 ? "" : "s")} on {Tap}";

    private static Model Required(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model;
    }

    /// <summary>(Average,) Linear, ReLU (, Dropout), …, Linear.</summary>
    private sealed class Head : Network
    {
        public Head(Shape features, NewLayerOptions options, int classes)
        {
            bool average = options.Average && features.Rank == 3;
            Node h = average ? Apply(new GlobalAveragePooling2D(), Input) : Input;
            int inputs = average ? features[-1] : checked((int)features.Count);
            for (int i = 0; i < options.Hidden.Count; i++)
            {
                string name = $"head{i + 1}";
                h = Publish(name, Apply(new Relu(), Apply(name, new Linear(inputs, options.Hidden[i]), h)));
                if (options.Dropout > 0)
                    h = Apply(new Dropout(options.Dropout), h);
                inputs = options.Hidden[i];
            }
            string last = $"head{options.Hidden.Count + 1}";
            Publish(last, Apply(last, new Linear(inputs, classes), h), "logits");
        }
    }
}
