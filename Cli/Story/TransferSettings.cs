using NativeFree.Models;

namespace NativeFree.Cli.Story;

/// <summary>Sizes of the demo's second half, small enough for two cores and two minutes.</summary>
/// <param name="Seed">Start of all random numbers.</param>
internal sealed record TransferSettings(int Seed)
{
    /// <summary>Rows and columns of a picture.</summary>
    public int Size { get; init; } = 64;

    /// <summary>Channels of the U-Net's first step.</summary>
    public int Width { get; init; } = 8;

    /// <summary>Texture pictures to pretrain on, and to validate that with.</summary>
    public int Textures { get; init; } = 720;

    public int TextureChecks { get; init; } = 180;

    public int PretrainingEpochs { get; init; } = 8;

    public double PretrainingRate { get; init; } = 1e-3;

    /// <summary>Pictures with masks: to learn from, to stop by, to judge with.</summary>
    public int Masks { get; init; } = 10;

    public int MaskChecks { get; init; } = 36;

    public int MaskTests { get; init; } = 60;

    public int BatchSize { get; init; } = 2;

    public double Rate { get; init; } = 1e-3;

    public int Epochs { get; init; } = 45;

    public int Patience { get; init; } = 9;

    public int Seeds { get; init; } = 4;

    /// <summary>A further seed is not begun when it would probably end later than this, counted from the beginning of the second half.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(125);

    public UNet NewUNet(int seed, Kernels.Device device)
    {
        var network = new UNet(new ModelOptions { Classes = 3, Width = Width, SamePadding = true, InputSize = Size }) { Seed = seed };
        network.To(device);
        return network;
    }
}
