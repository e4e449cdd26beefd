using NativeFree.Layers;

namespace NativeFree.Models;

/// <summary>
/// VGG, configurations D (16 layers) and E (19) of table 1. Simonyan and Zisserman, arXiv:1409.1556. Faithful to Chainer's VGG16Layers and VGG19Layers (poolings round up, dropout after fc6 and fc7) and to
/// keras.applications.vgg16 and vgg19 (poolings round down, no dropout). Input blue, green, red minus means, about −124 to 152.
/// </summary>
public sealed class Vgg : Model
{
    /// <summary>Channels of each block, and its 3×3 convolutions in configurations D and E.</summary>
    private static readonly (int Channels, int D, int E)[] Table =
    [
        (64, 2, 2),
        (128, 2, 2),
        (256, 3, 4),
        (512, 3, 4),
        (512, 3, 4),
    ];

    /// <summary>Builds the network; parameters take memory later.</summary>
    /// <param name="depth">16 or 19.</param>
    /// <param name="options">Origin, classes, top; the defaults when null.</param>
    /// <exception cref="ModelOptionsException">The depth is neither, or the options do not fit a VGG.</exception>
    public Vgg(int depth, ModelOptions? options = null)
        : base($"vgg{depth}", ZooRules.OriginOf(options, $"vgg{depth}", Origin.Chainer, Origin.Keras), options, options?.Origin == Origin.Keras ? Preprocessing.KerasCaffe : Preprocessing.ChainerVgg)
    {
        if (depth is not (16 or 19))
            throw new ModelOptionsException($"Vgg: the depth is 16 or 19; got {depth}.");
        bool keras = Origin == Origin.Keras;
        Initializer initializer = keras ? Initializer.GlorotUniform : Initializer.Normal(0.01);
        Node h = Input;
        int channels = 3;
        for (int block = 1; block <= Table.Length; block++)
        {
            (int width, int d, int e) = Table[block - 1];
            for (int i = 1; i <= (depth == 16 ? d : e); i++)
            {
                string name = keras ? $"block{block}_conv{i}" : $"conv{block}_{i}";
                h = Apply(name, new Convolution2D(channels, width, 3, padding: 1, initializer: initializer), h);
                h = Publish(name, Apply(new Relu(), h));
                channels = width;
            }
            h = Publish(keras ? $"block{block}_pool" : $"pool{block}", Apply(new MaxPooling2D(2, 2, coverAll: !keras), h));
        }
        if (!Options.Top)
            return;
        if (keras)
            h = Publish("flatten", Apply(new Flatten(), h));
        h = Dense(keras ? "fc1" : "fc6", 7 * 7 * 512, h);
        h = Dense(keras ? "fc2" : "fc7", 4096, h);
        string last = keras ? "predictions" : "fc8";
        h = Apply(last, new Linear(4096, Classes, initializer: initializer), h);
        h = keras ? Alias(h, "logits") : Publish(last, h, "logits");
        Publish(ProbabilityLayer!, Apply(new Softmax(), h));

        Node Dense(string name, int inputs, Node x)
        {
            x = Apply(new Relu(), Apply(name, new Linear(inputs, 4096, initializer: initializer), x));
            return Publish(name, keras ? x : Apply(new Dropout(0.5f), x));
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> DefaultLayers => Origin == Origin.Chainer ? ["fc7"] : Options.Top ? ["fc2"] : ["block5_pool"];

    /// <inheritdoc/>
    public override string? ProbabilityLayer => !Options.Top ? null : Origin == Origin.Keras ? "predictions" : "prob";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Heads => [Origin == Origin.Keras ? "predictions" : "fc8"];
}
