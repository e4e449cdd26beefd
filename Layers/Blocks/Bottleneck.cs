namespace NativeFree.Layers;

/// <summary>
/// Residual block: y = ReLU(BN(1×1) ∘ ReLU BN(3×3) ∘ ReLU BN(1×1) (x) + shortcut(x)); the shortcut is x itself, or BN(1×1)(x) where sizes change. He et al., arXiv:1512.03385, figure 5 right.
/// </summary>
public sealed class Bottleneck : Network
{
    /// <summary>Describes the block.</summary>
    /// <param name="inChannels">Channels of x.</param>
    /// <param name="width">Channels of the 3×3 convolution.</param>
    /// <param name="outChannels">Channels of y.</param>
    /// <param name="stride">Step of the block; on the shortcut too.</param>
    /// <param name="project">Whether the shortcut has a 1×1 convolution and a batch norm.</param>
    /// <param name="style">The framework's particulars.</param>
    /// <exception cref="ArgumentException">Without projection the stride is not 1 or the channels differ.</exception>
    public Bottleneck(int inChannels, int width, int outChannels, int stride, bool project, BottleneckStyle style)
    {
        ArgumentNullException.ThrowIfNull(style);
        if (!project && (stride != 1 || inChannels != outChannels))
            throw new ArgumentException($"Bottleneck: without projection stride is 1 and channels stay; got stride {stride}, {inChannels} → {outChannels} channels; set project.");
        (int first, int middle) = style.StrideOnMiddle ? (1, stride) : (stride, 1);

        Node h = Relu(style.Names?.FirstRelu, Norm(1, Convolve(1, new(inChannels, width, 1, first, bias: style.Bias, initializer: style.Initializer), Input), width));
        h = Relu(style.Names?.SecondRelu, Norm(2, Convolve(2, new(width, width, 3, middle, padding: 1, bias: style.Bias, initializer: style.Initializer), h), width));
        Node shortcut = Input;
        if (project && style.ShortcutFirst)
        {
            shortcut = Project();
            h = Third(h);
            shortcut = Norm(0, shortcut, outChannels);
            h = Norm(3, h, outChannels);
        }
        else if (project)
        {
            h = Third(h);
            shortcut = Project();
            h = Norm(3, h, outChannels);
            shortcut = Norm(0, shortcut, outChannels);
        }
        else
        {
            h = Norm(3, Third(h), outChannels);
        }
        h = Apply(new Add(), h, shortcut);
        if (style.Names is { } names)
        {
            Publish(names.Sum, h);
            Publish(names.Output, Apply(new Relu(), h), names.OutputAlias is { } alias ? [alias] : []);
        }
        else
        {
            Apply(new Relu(), h);
        }

        Node Third(Node x) => Convolve(3, new(width, outChannels, 1, bias: style.Bias, initializer: style.Initializer), x);
        Node Project() => Convolve(0, new(inChannels, outChannels, 1, stride, bias: style.Bias, initializer: style.Initializer), Input);
        Node Convolve(int i, Convolution2D layer, Node x) => Named(style.Convolution(i), Apply(style.Convolution(i), layer, x));
        Node Norm(int i, Node x, int channels) => Named(style.Normalization(i), Apply(style.Normalization(i), new BatchNormalization(channels, style.Epsilon, style.Decay), x));
        Node Relu(string? name, Node x) => Named(name, Apply(new Relu(), x));
        Node Named(string? name, Node node) => style.Names is not null && name is not null ? Publish(name, node) : node;
    }
}
