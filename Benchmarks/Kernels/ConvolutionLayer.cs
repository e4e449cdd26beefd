using NativeFree.Kernels;

namespace NativeFree.Benchmarks;

/// <summary>One shape of convolution of a network, square, padded to the same size; the shapes are those of the C twin in docs/engine.md, so that lines stand side by side.</summary>
/// <param name="Network">The network it comes from.</param>
/// <param name="Channels">Input channels.</param>
/// <param name="Filters">Output channels.</param>
/// <param name="Kernel">Filter rows and columns.</param>
/// <param name="Stride">Step.</param>
/// <param name="Size">Input rows and columns.</param>
/// <param name="Count">How often the network has it.</param>
internal sealed record ConvolutionLayer(string Network, int Channels, int Filters, int Kernel, int Stride, int Size, int Count)
{
    /// <summary>ResNet50 with the stride on the 3×3 convolutions: 53 convolutions, 23 shapes.</summary>
    public static readonly ConvolutionLayer[] ResNet50 =
    [
        new("resnet50", 3, 64, 7, 2, 224, 1),
        new("resnet50", 64, 64, 1, 1, 56, 1),
        new("resnet50", 64, 64, 3, 1, 56, 3),
        new("resnet50", 64, 256, 1, 1, 56, 4),
        new("resnet50", 256, 64, 1, 1, 56, 2),
        new("resnet50", 256, 128, 1, 1, 56, 1),
        new("resnet50", 128, 128, 3, 2, 56, 1),
        new("resnet50", 128, 512, 1, 1, 28, 4),
        new("resnet50", 256, 512, 1, 2, 56, 1),
        new("resnet50", 512, 128, 1, 1, 28, 3),
        new("resnet50", 128, 128, 3, 1, 28, 3),
        new("resnet50", 512, 256, 1, 1, 28, 1),
        new("resnet50", 256, 256, 3, 2, 28, 1),
        new("resnet50", 256, 1024, 1, 1, 14, 6),
        new("resnet50", 512, 1024, 1, 2, 28, 1),
        new("resnet50", 1024, 256, 1, 1, 14, 5),
        new("resnet50", 256, 256, 3, 1, 14, 5),
        new("resnet50", 1024, 512, 1, 1, 14, 1),
        new("resnet50", 512, 512, 3, 2, 14, 1),
        new("resnet50", 512, 2048, 1, 1, 7, 3),
        new("resnet50", 1024, 2048, 1, 2, 14, 1),
        new("resnet50", 2048, 512, 1, 1, 7, 2),
        new("resnet50", 512, 512, 3, 1, 7, 2),
    ];

    /// <summary>What ResNet50 has instead of some of them with the stride on the first 1×1 convolution of a block, as Chainer and Keras have it.</summary>
    public static readonly ConvolutionLayer[] ResNet50Strided1x1 =
    [
        new("resnet50", 256, 128, 1, 2, 56, 1),
        new("resnet50", 512, 256, 1, 2, 28, 1),
        new("resnet50", 1024, 512, 1, 2, 14, 1),
    ];

    /// <summary>VGG16: 13 convolutions, 9 shapes.</summary>
    public static readonly ConvolutionLayer[] Vgg16 =
    [
        new("vgg16", 3, 64, 3, 1, 224, 1),
        new("vgg16", 64, 64, 3, 1, 224, 1),
        new("vgg16", 64, 128, 3, 1, 112, 1),
        new("vgg16", 128, 128, 3, 1, 112, 1),
        new("vgg16", 128, 256, 3, 1, 56, 1),
        new("vgg16", 256, 256, 3, 1, 56, 2),
        new("vgg16", 256, 512, 3, 1, 28, 1),
        new("vgg16", 512, 512, 3, 1, 28, 2),
        new("vgg16", 512, 512, 3, 1, 14, 3),
    ];

    /// <summary>The 3×3 convolutions of GoogLeNet.</summary>
    public static readonly ConvolutionLayer[] GoogLeNet3x3 =
    [
        new("googlenet", 64, 192, 3, 1, 56, 1),
        new("googlenet", 96, 128, 3, 1, 28, 1),
        new("googlenet", 128, 192, 3, 1, 28, 1),
        new("googlenet", 96, 208, 3, 1, 14, 1),
        new("googlenet", 112, 224, 3, 1, 14, 1),
        new("googlenet", 128, 256, 3, 1, 14, 1),
        new("googlenet", 144, 288, 3, 1, 14, 1),
        new("googlenet", 160, 320, 3, 1, 14, 1),
        new("googlenet", 160, 320, 3, 1, 7, 1),
        new("googlenet", 192, 384, 3, 1, 7, 1),
    ];

    /// <summary>The 1×1 and 5×5 convolutions of GoogLeNet's Inception blocks; its 7×7 and first 1×1 are those of ResNet50.</summary>
    public static readonly ConvolutionLayer[] GoogLeNetOthers =
    [
        new("googlenet", 192, 64, 1, 1, 28, 1),
        new("googlenet", 192, 96, 1, 1, 28, 1),
        new("googlenet", 192, 16, 1, 1, 28, 1),
        new("googlenet", 16, 32, 5, 1, 28, 1),
        new("googlenet", 192, 32, 1, 1, 28, 1),
        new("googlenet", 256, 128, 1, 1, 28, 1),
        new("googlenet", 256, 32, 1, 1, 28, 1),
        new("googlenet", 32, 96, 5, 1, 28, 1),
        new("googlenet", 256, 64, 1, 1, 28, 1),
        new("googlenet", 480, 192, 1, 1, 14, 1),
        new("googlenet", 480, 96, 1, 1, 14, 1),
        new("googlenet", 480, 16, 1, 1, 14, 1),
        new("googlenet", 16, 48, 5, 1, 14, 1),
        new("googlenet", 480, 64, 1, 1, 14, 1),
        new("googlenet", 512, 160, 1, 1, 14, 1),
        new("googlenet", 512, 112, 1, 1, 14, 1),
        new("googlenet", 512, 24, 1, 1, 14, 1),
        new("googlenet", 24, 64, 5, 1, 14, 1),
        new("googlenet", 512, 64, 1, 1, 14, 1),
        new("googlenet", 512, 128, 1, 1, 14, 1),
        new("googlenet", 512, 144, 1, 1, 14, 1),
        new("googlenet", 512, 32, 1, 1, 14, 1),
        new("googlenet", 32, 64, 5, 1, 14, 1),
        new("googlenet", 528, 256, 1, 1, 14, 1),
        new("googlenet", 528, 160, 1, 1, 14, 1),
        new("googlenet", 528, 32, 1, 1, 14, 1),
        new("googlenet", 32, 128, 5, 1, 14, 1),
        new("googlenet", 528, 128, 1, 1, 14, 1),
        new("googlenet", 832, 256, 1, 1, 7, 1),
        new("googlenet", 832, 160, 1, 1, 7, 1),
        new("googlenet", 832, 32, 1, 1, 7, 1),
        new("googlenet", 32, 128, 5, 1, 7, 1),
        new("googlenet", 832, 128, 1, 1, 7, 1),
        new("googlenet", 832, 384, 1, 1, 7, 1),
        new("googlenet", 832, 192, 1, 1, 7, 1),
        new("googlenet", 832, 48, 1, 1, 7, 1),
        new("googlenet", 48, 128, 5, 1, 7, 1),
    ];

    /// <summary>The 3×3 convolutions on the way up of the U-Net on ResNet50 at 224², and its last, to three classes.</summary>
    public static readonly ConvolutionLayer[] UNet3x3 =
    [
        new("unet", 2048, 1024, 3, 1, 14, 1),
        new("unet", 1024, 1024, 3, 1, 14, 1),
        new("unet", 1024, 512, 3, 1, 28, 1),
        new("unet", 512, 256, 3, 1, 56, 1),
        new("unet", 128, 64, 3, 1, 112, 1),
        new("unet", 64, 64, 3, 1, 112, 1),
        new("unet", 64, 3, 3, 1, 112, 1),
    ];

    /// <summary>All sizes in ASCII: <c>resnet50 conv 64-256 1x1/1 @56</c>.</summary>
    public string Name => $"{Network} conv {Channels}-{Filters} {Kernel}x{Kernel}/{Stride} @{Size}";

    /// <summary>The geometry at a batch size.</summary>
    public ConvolutionGeometry Geometry(int batch) => ConvolutionGeometry.Create(
        new Shape(batch, Size, Size, Channels), new Shape(Kernel, Kernel, Channels, Filters), (Stride, Stride), Padding.All(Kernel / 2), (1, 1), 1);
}
