namespace NativeFree.Kernels;

/// <summary>What a device is driven by.</summary>
public enum DeviceKind
{
    /// <summary>The managed SIMD engine on the machine's cores.</summary>
    Cpu,

    /// <summary>A device behind the system's OpenCL driver.</summary>
    OpenCl,

    /// <summary>An NVIDIA GPU behind CUDA.</summary>
    Cuda,

    /// <summary>GPU kernels run as plain C#.</summary>
    Emulator,
}
