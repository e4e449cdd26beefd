namespace NativeFree.Models;

/// <summary>How to build a model of the zoo. What a weight file tells (origin, classes, top) is taken from the file by <c>ModelLoader.Load</c>.</summary>
public sealed record ModelOptions
{
    /// <summary>The framework to be faithful to; null takes <see cref="Models.Origin.Chainer"/> where the model exists there, else <see cref="Models.Origin.Keras"/>.</summary>
    public Origin? Origin { get; init; }

    /// <summary>Outputs of the last layer; null takes the origin's: 1000, of the U-Net 3.</summary>
    public int? Classes { get; init; }

    /// <summary>U-Nets: channels of the first step, of which all others are multiples; null takes the paper's 64. Small networks train fast.</summary>
    public int? Width { get; init; }

    /// <summary>Rows and columns that pictures are resized to, unless told otherwise at the call; null takes the origin's, mostly 224.</summary>
    public int? InputSize { get; init; }

    /// <summary>The plain U-Net with padded convolutions, which keep the picture's size; the paper has none.</summary>
    public bool SamePadding { get; init; }

    /// <summary>The plain U-Net with up-sampling and a 2×2 convolution in place of the paper's transposed convolution.</summary>
    public bool UpSample { get; init; }

    /// <summary>Whether the classifying layers are there. Keras publishes files without them; Chainer's models always have them.</summary>
    public bool Top { get; init; } = true;

    /// <summary>Chainer's ResNets with <c>downsample_fb=True</c>: the stride is on the 3×3 convolution. The weight file cannot tell.</summary>
    public bool DownsampleFacebook { get; init; }

    /// <summary>The old Keras ResNet50 as in Keras 1, 2.0 and 2.1: no padding before the first pooling, which then gives 55² for 224², and 7×7 average pooling at the end.</summary>
    public bool ValidStem { get; init; }
}
