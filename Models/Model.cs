using NativeFree.Autograd;
using NativeFree.Kernels;
using NativeFree.Layers;

namespace NativeFree.Models;

/// <summary>
/// A network of the zoo together with how its pictures are prepared. The verbs are Chainer's, whichever framework the weights come from: <see cref="Prepare(Image, int?, int?, ResizeFilter?)"/>,
/// <see cref="Network.Forward(Variable, IReadOnlyList{string})"/>, <see cref="Extract(Tensor, IReadOnlyList{string})"/>, <see cref="Predict"/>.
/// </summary>
public abstract partial class Model : Network
{
    private protected Model(string name, Origin origin, ModelOptions? options, Preprocessing preprocessing, int classes = 1000)
    {
        Name = name;
        Origin = origin;
        Classes = options?.Classes ?? classes;
        Options = (options ?? new()) with { Origin = origin, Classes = Classes };
        Preprocessing = preprocessing;
    }

    /// <summary>The zoo's name: <c>vgg16</c>, <c>resnet50</c> …</summary>
    public string Name { get; }

    /// <summary>The framework the model is faithful to.</summary>
    public Origin Origin { get; }

    /// <summary>Outputs of the last layer.</summary>
    public int Classes { get; private set; }

    /// <summary>What the model was built from, with the origin and classes it has.</summary>
    public ModelOptions Options { get; private set; }

    /// <summary>How pictures are prepared.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Rows and columns that pictures are resized to unless told otherwise.</summary>
    public virtual int InputSize => 224;

    /// <summary>The layers that <c>Extract</c> gives when none is named: Chainer's <c>fc7</c> or <c>pool5</c>, Keras's <c>fc2</c> or <c>avg_pool</c>, and the last one of a model without top.</summary>
    public abstract IReadOnlyList<string> DefaultLayers { get; }

    /// <summary>The layer with the probabilities: <c>prob</c>, <c>predictions</c>, <c>fc1000</c>, <c>output_layer</c>; null for a model without top.</summary>
    public abstract string? ProbabilityLayer { get; }

    /// <summary>Paths of the layers whose outputs are classes: one, or GoogLeNet's three.</summary>
    protected abstract IReadOnlyList<string> Heads { get; }

    /// <summary>Puts fresh classifying layers for another number of classes in place of the old ones, for fine-tuning: all of GoogLeNet's three, else the one.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException">The model has no top.</exception>
    public void ReplaceHeads(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (!Options.Top)
            throw new InvalidOperationException($"{this}: ReplaceHeads replaces classifying layers; this model has none; build it with its top.");
        foreach (string path in Heads)
            Replace(path, this[path] is Convolution2D old ? new Convolution2D(null, classes, old.Kernel, old.Stride, old.Padding) : new Linear(null, classes));
        Classes = classes;
        Options = Options with { Classes = classes };
    }

    /// <summary>Layers with shapes, parameters and FLOPs for one picture of <see cref="InputSize"/>.</summary>
    public NetworkSummary Summary() => Summarize(new Shape(1, InputSize, InputSize, 3));

    /// <summary>The count that the origin itself reports: Chainer leaves running statistics out, Keras counts them.</summary>
    public long ParameterTotal()
    {
        ParameterCount count = CountParameters();
        return count.Trainable + count.Frozen + (Origin == Origin.Chainer ? 0 : count.Statistics);
    }

    /// <summary>Name and origin: <c>resnet50 (keras)</c>.</summary>
    public override string ToString() => $"{Name} ({Origin.Text()})";
}
