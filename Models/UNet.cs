using NativeFree.Layers;

namespace NativeFree.Models;

/// <summary>
/// U-Net of figure 1, Ronneberger et al., arXiv:1505.04597: four steps down, four up, 3×3 convolutions without padding, so that 572² gives 388². Variants: padded convolutions, which keep the size; up-sampling and a 2×2
/// convolution where the paper has a transposed one; other widths. Probabilities per pixel. Input red, green, blue, 0 to 1.
/// </summary>
public sealed class UNet : Model
{
    /// <summary>Channels on the way down, in units of the first.</summary>
    private static readonly int[] Table = [1, 2, 4, 8, 16];

    /// <summary>Builds the network; parameters take memory later.</summary>
    /// <param name="options">Classes (two when null), <see cref="ModelOptions.Width"/>, <see cref="ModelOptions.SamePadding"/>, <see cref="ModelOptions.UpSample"/>.</param>
    /// <exception cref="ModelOptionsException">The options do not fit: the network goes by Keras's names, and has its top.</exception>
    public UNet(ModelOptions? options = null)
        : base("unet", ZooRules.OriginOf(options, "unet", Origin.Keras), options, Preprocessing.UnitRange, classes: 2)
    {
        ZooRules.RequireTop(Options, "unet");
        int width = Options.Width ?? 64;
        PaddingRule padding = Options.SamePadding ? PaddingRule.Same : PaddingRule.Valid;
        Node h = Input;
        int channels = 3;
        var taps = new Stack<(Node Node, int Channels)>();
        for (int step = 1; step <= Table.Length; step++)
        {
            h = Twice($"down{step}", h, Table[step - 1] * width);
            if (step == Table.Length)
                break;
            taps.Push((h, channels));
            h = Publish($"pool{step}", Apply(new MaxPooling2D(2, 2), h));
        }
        for (int step = 1; step < Table.Length; step++)
        {
            (Node tap, int tapChannels) = taps.Pop();
            h = Up($"up{step}_upconv", h, tapChannels);
            h = Apply(new Concat(), Apply(new CropToMatch(), tap, h), h);
            channels = 2 * tapChannels;
            h = Twice($"up{step}", h, tapChannels);
        }
        h = Apply("output_layer", new Convolution2D(channels, Classes, 1, initializer: Initializer.GlorotUniform), h);
        Publish("output_layer", Apply(new Softmax(), Alias(h, "logits")));

        Node Twice(string name, Node x, int to)
        {
            for (int i = 1; i <= 2; i++)
            {
                string each = $"{name}_conv{i}";
                x = Apply(each, new Convolution2D(channels, to, 3, padding: padding, initializer: Initializer.HeNormal), x);
                x = Publish(each, Apply(new Relu(), x));
                channels = to;
            }
            return x;
        }

        Node Up(string name, Node x, int to) => Publish(name, Options.UpSample
            ? Apply(name, new Convolution2D(channels, to, 2, padding: PaddingRule.Same, initializer: Initializer.HeNormal), Apply(new UpSampling2D(), x))
            : Apply(name, new Deconvolution2D(channels, to, 2, 2, initializer: Initializer.HeNormal), x));
    }

    /// <summary>572 without padding, as in the paper; 224 with.</summary>
    public override int OriginalInputSize => Options.SamePadding ? 224 : 572;

    /// <inheritdoc/>
    public override IReadOnlyList<string> DefaultLayers => ["output_layer"];

    /// <inheritdoc/>
    public override string ProbabilityLayer => "output_layer";

    /// <inheritdoc/>
    public override bool LabelsPixels => true;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Heads => ["output_layer"];
}
