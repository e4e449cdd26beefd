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

    /// <summary>Rows and columns that pictures are resized to unless told otherwise: <see cref="ModelOptions.InputSize"/>, else the origin's.</summary>
    public int InputSize => Options.InputSize ?? OriginalInputSize;

    /// <summary>Names of the classes where the weight file tells them, as a checkpoint of ours does; else null.</summary>
    public IReadOnlyList<string>? ClassNames { get; set; }

    /// <summary>Rows and columns that the origin resizes pictures to; the sizes of fully connected layers follow from it.</summary>
    public virtual int OriginalInputSize => 224;

    /// <summary>The layers that <c>Extract</c> gives when none is named: Chainer's <c>fc7</c> or <c>pool5</c>, Keras's <c>fc2</c> or <c>avg_pool</c>, and the last one of a model without top.</summary>
    public abstract IReadOnlyList<string> DefaultLayers { get; }

    /// <summary>The layer with the probabilities: <c>prob</c>, <c>predictions</c>, <c>fc1000</c>, <c>output_layer</c>; null for a model without top.</summary>
    public abstract string? ProbabilityLayer { get; }

    /// <summary>Whether the probabilities are per pixel (U-Net) and not per picture.</summary>
    public virtual bool LabelsPixels => false;

    /// <summary>Paths of the layers whose outputs are classes: one, or GoogLeNet's three.</summary>
    protected abstract IReadOnlyList<string> Heads { get; }

    /// <summary>Whether the layer or parameter at a path was there before training, to be frozen or slowed: everything but the classifying layers, of a U-Net on an encoder the encoder.</summary>
    protected virtual bool IsBase(string path) => !Heads.Any(head => path == head || path.StartsWith(head + "/", StringComparison.Ordinal));

    /// <summary>The parameters of the pretrained part: all but those of the classifying layers; of a U-Net on an encoder the encoder's.</summary>
    public IEnumerable<Parameter> BaseParameters => NamedParameters().Where(item => IsBase(item.Path)).Select(item => item.Parameter);

    /// <summary>
    /// Takes the pretrained part from the optimizer's hands, batch norms with their statistics: they run on their stored ones in training too. <see cref="Layer.Freeze"/> and <see cref="Layer.FreezeStatistics"/> do the same by
    /// pattern and one by one.
    /// </summary>
    public virtual void FreezeBase()
    {
        foreach (Parameter parameter in BaseParameters)
            parameter.Frozen = true;
        foreach ((string path, Layer layer) in Descendants())
        {
            if (layer is BatchNormalization norm && IsBase(path))
                norm.FrozenStatistics = true;
        }
    }

    /// <summary>Slows the pretrained part down: its learning rate is the optimizer's times <paramref name="scale"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The scale is negative or not finite.</exception>
    public void SetBaseLearningRateScale(float scale)
    {
        if (!(scale >= 0) || float.IsInfinity(scale))
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "SetBaseLearningRateScale: the scale is 0 or more and finite.");
        foreach (Parameter parameter in BaseParameters)
            parameter.LearningRateScale = scale;
    }

    /// <summary>Puts fresh classifying layers for another number of classes in place of the old ones, for fine-tuning: all of GoogLeNet's three, else the one.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classes"/> is below 1.</exception>
    /// <exception cref="InvalidOperationException">The model has no top.</exception>
    public void ReplaceHeads(int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (!Options.Top)
            throw new InvalidOperationException($"{this}: ReplaceHeads replaces classifying layers; this model has none; build it with its top.");
        foreach (string path in Heads)
        {
            Layer old = this[path];
            Shape? w = old.NamedWeights().First(item => item.Path == "W").Weight.Shape;
            Replace(path, old is Convolution2D convolution ? new Convolution2D(w?[2], classes, convolution.Kernel, convolution.Stride, convolution.Padding) : new Linear(w?[0], classes));
        }
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
