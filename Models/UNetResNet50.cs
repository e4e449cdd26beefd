using NativeFree.Kernels;
using NativeFree.Layers;

namespace NativeFree.Models;

/// <summary>
/// U-Net (Ronneberger et al., arXiv:1505.04597) on the convolutions of Keras's ResNet50: five taps of the encoder, four steps back up. Each step: a 1×1 transposed convolution with stride 2 and ReLU, batch norm, the
/// tap's channels behind it, then twice 3×3 convolution, ReLU, batch norm. Probabilities of three classes per pixel at half the input's size. Input red, green, blue, 0 to 1.
/// </summary>
public sealed class UNetResNet50 : Model
{
    /// <summary>Channels of a step in units of the last one's, and the encoder's value that it joins with that value's channels.</summary>
    private static readonly (int Channels, string Tap, int TapChannels)[] Table =
    [
        (16, "conv4_block6_out", 1024),
        (8, "conv3_block4_out", 512),
        (4, "conv2_block3_out", 256),
        (1, "conv1_relu", 64),
    ];

    /// <summary>Builds the network; parameters take memory later.</summary>
    /// <param name="options">Classes (three when null), and <see cref="ModelOptions.Width"/> for the way up.</param>
    /// <exception cref="ModelOptionsException">The options do not fit: the network exists in Keras only, and with its top.</exception>
    public UNetResNet50(ModelOptions? options = null)
        : base("unet-resnet50", ZooRules.OriginOf(options, "unet-resnet50", Origin.Keras), options, Preprocessing.UnitRange, classes: 3)
    {
        ZooRules.RequireTop(Options, "unet-resnet50");
        int unit = Options.Width ?? 64;
        Node h = Apply("", new ResNet(50, new() { Origin = Origin.Keras, Top = false }), Input);
        int channels = 2048;
        for (int step = 1; step <= Table.Length; step++)
        {
            (int units, string tap, int tapChannels) = Table[step - 1];
            int width = units * unit;
            string up = $"UpConv_{step}", conv = $"Conv_{step}";
            h = Apply($"{up}/conv2d_transpose", new Deconvolution2D(channels, width, 1, 2, PaddingRule.Valid, initializer: Initializer.GlorotUniform), h);
            h = Publish(up, Normalize($"{up}/batch_normalization", width, Apply(new Relu(), h)));
            h = Apply(new Concat(), h, Find(tap));
            h = Apply($"{conv}/conv2d", new Convolution2D(width + tapChannels, width, 3, padding: 1, initializer: Initializer.GlorotUniform), h);
            h = Normalize($"{conv}/batch_normalization", width, Apply(new Relu(), h));
            h = Apply($"{conv}/conv2d_1", new Convolution2D(width, width, 3, padding: 1, initializer: Initializer.GlorotUniform), h);
            h = Publish(conv, Normalize($"{conv}/batch_normalization_1", width, Apply(new Relu(), h)));
            channels = width;
        }
        h = Apply("output_layer", new Convolution2D(channels, Classes, 3, padding: 1, initializer: Initializer.GlorotUniform), h);
        Publish("output_layer", Apply(new Softmax(), Alias(h, "logits")));

        Node Normalize(string path, int width, Node x) => Apply(path, new BatchNormalization(width, 1e-3f, 0.99f), x);
    }

    /// <summary>Takes over the weights and statistics of a ResNet50 as those of the encoder: what pretraining gave. They are copied.</summary>
    /// <param name="encoder">A ResNet50 of Keras's flavour, with or without top.</param>
    /// <exception cref="ModelOptionsException">It is another model, or of another origin.</exception>
    public void TakeEncoder(Model encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        if (encoder.Name != "resnet50" || encoder.Origin != Origin.Keras || encoder is FineTuned)
            throw new ModelOptionsException($"{this}: the encoder is a resnet50 (keras); got {encoder}; give a weight file of that one.");
        Dictionary<string, Weight> weights = encoder.NamedWeights().ToDictionary(item => item.Path, item => item.Weight, StringComparer.Ordinal);
        Dictionary<string, Statistic> statistics = encoder.NamedStatistics().ToDictionary(item => item.Path, item => item.Statistic, StringComparer.Ordinal);
        foreach ((string path, Weight weight) in NamedWeights().Where(item => IsBase(item.Path)))
        {
            weights[path].Initialize();
            weight.Set(Tensor.From(Device, weight.Shape!.Value, weights[path].Parameter.Value.ToArray()));
        }
        foreach ((string path, Statistic statistic) in NamedStatistics().Where(item => IsBase(item.Path)))
            statistic.Set(Tensor.From(Device, statistic.Shape, statistics[path].Value.ToArray()));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> DefaultLayers => ["output_layer"];

    /// <inheritdoc/>
    public override string ProbabilityLayer => "output_layer";

    /// <inheritdoc/>
    public override bool LabelsPixels => true;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Heads => ["output_layer"];

    /// <inheritdoc/>
    protected override bool IsBase(string path) => !path.StartsWith("UpConv_", StringComparison.Ordinal) && !path.StartsWith("Conv_", StringComparison.Ordinal) && base.IsBase(path);
}
