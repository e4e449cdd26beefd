using NativeFree.Kernels;

namespace NativeFree.Tests.Kernels;

/// <summary>Lets a device use one variant wherever it fits, for a while.</summary>
internal readonly struct OnlyVariant : IDisposable
{
    private readonly CpuDevice device;

    public OnlyVariant(CpuDevice device, KernelVariant variant)
    {
        this.device = device;
        device.Choices.Only = variant;
    }

    public void Dispose() => device.Choices.Only = null;
}
