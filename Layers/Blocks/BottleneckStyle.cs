namespace NativeFree.Layers;

/// <summary>What differs between the bottleneck blocks of the frameworks, and what each calls the parts. The defaults are Chainer's.</summary>
public sealed record BottleneckStyle
{
    /// <summary>Whether the convolutions add a bias: not in Chainer, always in Keras.</summary>
    public bool Bias { get; init; }

    /// <summary>ε of the batch norms.</summary>
    public float Epsilon { get; init; } = 2e-5f;

    /// <summary>Weight of the old running average.</summary>
    public float Decay { get; init; } = 0.9f;

    /// <summary>Whether the 3×3 convolution has the stride (Facebook's variant) and not the first 1×1 (the paper's).</summary>
    public bool StrideOnMiddle { get; init; }

    /// <summary>First values of the filters.</summary>
    public Initializer Initializer { get; init; } = Initializer.HeNormal;

    /// <summary>Whether the shortcut's layers come before the main path's third ones in the network order.</summary>
    public bool ShortcutFirst { get; init; }

    /// <summary>Names of the convolutions, 1 to 3 on the main path, 0 on the shortcut.</summary>
    public Func<int, string> Convolution { get; init; } = static i => i == 0 ? "conv4" : $"conv{i}";

    /// <summary>Names of the batch norms, numbered likewise.</summary>
    public Func<int, string> Normalization { get; init; } = static i => i == 0 ? "bn4" : $"bn{i}";

    /// <summary>Names for all inner values, or null where only the block as a whole has one.</summary>
    public BottleneckNames? Names { get; init; }
}

/// <summary>Names for the values of a block beside its convolutions and batch norms, which go by their layers' names.</summary>
/// <param name="FirstRelu">After the first batch norm.</param>
/// <param name="SecondRelu">After the second.</param>
/// <param name="Sum">The sum with the shortcut.</param>
/// <param name="Output">After the last ReLU.</param>
/// <param name="OutputAlias">Another name for it, understood but not listed, or null.</param>
public sealed record BottleneckNames(string FirstRelu, string SecondRelu, string Sum, string Output, string? OutputAlias = null);
