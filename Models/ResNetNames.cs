using NativeFree.Layers;

namespace NativeFree.Models;

/// <summary>What a framework calls the parts of a ResNet, and in which order it lists a block's layers.</summary>
internal sealed class ResNetNames
{
    private ResNetNames()
    {
    }

    public required BottleneckStyle Style { get; init; }

    public required string StemConvolution { get; init; }

    public required string StemNormalization { get; init; }

    public required string StemRelu { get; init; }

    public string[] StemReluAliases { get; init; } = [];

    public required string StemPool { get; init; }

    public string[] StemPoolAliases { get; init; } = [];

    public required string AveragePool { get; init; }

    public required string Dense { get; init; }

    public required string Probabilities { get; init; }

    public string[] ProbabilityAliases { get; init; } = [];

    /// <summary>Place of a block in the tree; empty where its layers stand in the root under full names. Stages count from 2, blocks from 1.</summary>
    public required Func<int, int, string> BlockPath { get; init; }

    /// <summary>Name of a stage's last value, or null where every block has a name.</summary>
    public Func<int, string?> StageEnd { get; init; } = static _ => null;

    /// <summary>The style with the names of block (stage, block) of a network with the given numbers of blocks.</summary>
    public required Func<BottleneckStyle, int, int, int[], BottleneckStyle> Block { get; init; }

    public static ResNetNames Of(Origin origin) => origin switch
    {
        Origin.Chainer => Chainer,
        Origin.Keras => Keras,
        _ => KerasOld,
    };

    private static ResNetNames Chainer { get; } = new()
    {
        Style = new(),
        StemConvolution = "conv1",
        StemNormalization = "bn1",
        StemRelu = "conv1",
        StemPool = "pool1",
        AveragePool = "pool5",
        Dense = "fc6",
        Probabilities = "prob",
        BlockPath = static (stage, block) => block == 1 ? $"res{stage}/a" : $"res{stage}/b{block - 1}",
        StageEnd = static stage => $"res{stage}",
        Block = static (style, _, _, _) => style,
    };

    private static ResNetNames Keras { get; } = new()
    {
        // 1.001e-5 is what keras_applications' resnet_common.py writes, not a typo.
        Style = new() { Bias = true, Epsilon = 1.001e-5f, Decay = 0.99f, Initializer = Initializer.GlorotUniform, ShortcutFirst = true },
        StemConvolution = "conv1_conv",
        StemNormalization = "conv1_bn",
        StemRelu = "conv1_relu",
        StemPool = "pool1_pool",
        AveragePool = "avg_pool",
        Dense = "predictions",
        Probabilities = "predictions",
        ProbabilityAliases = ["probs"],
        BlockPath = static (_, _) => "",
        Block = static (style, stage, block, _) =>
        {
            string at = $"conv{stage}_block{block}";
            return style with
            {
                Convolution = i => $"{at}_{i}_conv",
                Normalization = i => $"{at}_{i}_bn",
                Names = new($"{at}_1_relu", $"{at}_2_relu", $"{at}_add", $"{at}_out"),
            };
        },
    };

    private static ResNetNames KerasOld { get; } = new()
    {
        Style = new() { Bias = true, Epsilon = 1e-3f, Decay = 0.99f, Initializer = Initializer.TruncatedHeNormal },
        StemConvolution = "conv1",
        StemNormalization = "bn_conv1",
        StemRelu = "stage1_relu",
        StemReluAliases = ["activation_1"],
        StemPool = "stage1_pool",
        StemPoolAliases = ["max_pooling2d_1"],
        AveragePool = "avg_pool",
        Dense = "fc1000",
        Probabilities = "fc1000",
        BlockPath = static (_, _) => "",
        Block = static (style, stage, block, blocks) =>
        {
            // Activations and sums are numbered through the network: activation_1 is the stem's, then three a block.
            int before = blocks.Take(stage - 2).Sum() + block - 1;
            char letter = (char)('a' + block - 1);
            return style with
            {
                Convolution = i => $"res{stage}{letter}_{Branch(i)}",
                Normalization = i => $"bn{stage}{letter}_{Branch(i)}",
                Names = new($"activation_{(3 * before) + 2}", $"activation_{(3 * before) + 3}", $"add_{before + 1}", $"stage{stage}_block{block}", $"activation_{(3 * before) + 4}"),
            };
        },
    };

    private static string Branch(int i) => i == 0 ? "branch1" : $"branch2{(char)('a' + i - 1)}";
}
