using NativeFree.Layers;

namespace NativeFree.Models;

/// <summary>
/// ResNet with bottleneck blocks, 50, 101 and 152 layers of table 1. He et al., arXiv:1512.03385. Faithful to Chainer's ResNetLayers (stride on the first 1×1 convolution, no bias in the blocks, ε 2e-5, pooling rounds
/// up), to keras.applications.resnet (bias everywhere, ε 1.001e-5, pooling padded) and to the ResNet50 of keras_applications 1.0.8 (ε 1e-3). Input blue, green, red minus means, about −124 to 152.
/// </summary>
public sealed class ResNet : Model
{
    /// <summary>Width and stride of conv2_x to conv5_x; a block gives four times its width.</summary>
    private static readonly (int Width, int Stride)[] Stages = [(64, 1), (128, 2), (256, 2), (512, 2)];

    private readonly ResNetNames names;

    /// <summary>Builds the network; parameters take memory later.</summary>
    /// <param name="depth">50, 101 or 152.</param>
    /// <param name="options">Origin, classes, top and variants; the defaults when null.</param>
    /// <exception cref="ModelOptionsException">The depth is none of these, or the options do not fit it.</exception>
    public ResNet(int depth, ModelOptions? options = null)
        : base($"resnet{depth}", depth == 50
            ? ZooRules.OriginOf(options, "resnet50", Origin.Chainer, Origin.Keras, Origin.KerasOld)
            : ZooRules.OriginOf(options, $"resnet{depth}", Origin.Chainer, Origin.Keras), options, (options?.Origin ?? Origin.Chainer) == Origin.Chainer ? Preprocessing.ChainerResNet : Preprocessing.KerasCaffe)
    {
        int[] blocks = depth switch
        {
            50 => [3, 4, 6, 3],
            101 => [3, 4, 23, 3],
            152 => [3, 8, 36, 3],
            _ => throw new ModelOptionsException($"ResNet: the depth is 50, 101 or 152; got {depth}."),
        };
        names = ResNetNames.Of(Origin);
        BottleneckStyle style = names.Style with { StrideOnMiddle = Options.DownsampleFacebook };
        Node h = Stem(style);
        int channels = 64;
        for (int stage = 0; stage < Stages.Length; stage++)
        {
            (int width, int stride) = Stages[stage];
            for (int block = 1; block <= blocks[stage]; block++)
            {
                var bottleneck = new Bottleneck(channels, width, 4 * width, block == 1 ? stride : 1, project: block == 1, names.Block(style, stage + 2, block, blocks));
                h = Apply(names.BlockPath(stage + 2, block), bottleneck, h);
                channels = 4 * width;
            }
            if (names.StageEnd(stage + 2) is { } end)
                Publish(end, h);
        }
        if (Options.Top)
            Top(h, channels);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> DefaultLayers => Options.Top ? [names.AveragePool] : [AvailableLayers[^1]];

    /// <inheritdoc/>
    public override string? ProbabilityLayer => Options.Top ? names.Probabilities : null;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Heads => [names.Dense];

    private Node Stem(BottleneckStyle style)
    {
        bool keras = Origin != Origin.Chainer;
        Node h = keras ? Publish("conv1_pad", Apply(new ZeroPadding2D(3), Input)) : Input;
        h = Apply(names.StemConvolution, new Convolution2D(3, 64, 7, 2, padding: keras ? 0 : 3, initializer: style.Initializer), h);
        if (keras)
            Publish(names.StemConvolution, h);
        h = Apply(names.StemNormalization, new BatchNormalization(64, style.Epsilon, style.Decay), h);
        if (keras)
            Publish(names.StemNormalization, h);
        h = Publish(names.StemRelu, Apply(new Relu(), h), names.StemReluAliases);
        if (keras && !Options.ValidStem)
            h = Publish("pool1_pad", Apply(new ZeroPadding2D(1), h));
        return Publish(names.StemPool, Apply(new MaxPooling2D(3, 2, coverAll: !keras), h), names.StemPoolAliases);
    }

    private void Top(Node h, int channels)
    {
        if (Options.ValidStem)
        {
            h = Publish(names.AveragePool, Apply(new AveragePooling2D(7, 7), h));
            h = Publish("flatten_1", Apply(new Flatten(), h));
        }
        else
        {
            h = Publish(names.AveragePool, Apply(new GlobalAveragePooling2D(), h));
        }
        h = Apply(names.Dense, new Linear(channels, Classes, initializer: Origin == Origin.Chainer ? Initializer.LeCunNormal : Initializer.GlorotUniform), h);
        h = Origin == Origin.Chainer ? Publish(names.Dense, h, "logits") : Alias(h, "logits");
        Publish(names.Probabilities, Apply(new Softmax(), h), names.ProbabilityAliases);
    }
}
