using NativeFree.Autograd;
using NativeFree.Kernels;

namespace NativeFree.Cli;

/// <summary>
/// Runs what a residual network consists of once on a few pixels, on another thread while the weights are found and listed: the runtime compiles the kernels of the widest vectors when they are first called, 30 ms that
/// the first picture would wait for.
/// </summary>
internal static class KernelWarmUp
{
    // Whole panels of columns, and enough pixels for whole tiles.
    private const int Channels = 64, Side = 8;

    public static void Start(Device device)
    {
        if (device is CpuDevice)
            _ = Task.Run(() => Run(device));
    }

    internal static Tensor Run(Device device)
    {
        using var scope = new Scope();
        Variable perChannel = Zeros(Channels), x = F.Pad2D(Zeros(1, Side, Side, 3), Padding.All(1));
        x = F.Convolution2D(x, Zeros(3, 3, 3, Channels), perChannel, padding: Padding.All(1));
        x = F.MaxPooling2D(x, (3, 3), (1, 1));
        Variable y = F.BatchNormalization(F.Convolution2D(x, Zeros(1, 1, Channels, Channels)), perChannel, perChannel, perChannel.Value, perChannel.Value);
        x = F.Relu(F.Add(x, y));
        return scope.Keep(F.Softmax(F.Linear(F.GlobalAveragePooling2D(x), Zeros(Channels, Channels), perChannel)).Value);

        Variable Zeros(params ReadOnlySpan<int> extents) => Tensor.Zeros(device, new Shape(extents));
    }
}
