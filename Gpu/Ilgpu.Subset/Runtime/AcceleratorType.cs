namespace ILGPU.Runtime;

/// <summary>What an accelerator is driven by.</summary>
public enum AcceleratorType
{
    /// <summary>The emulator: kernels as C#.</summary>
    CPU,

    /// <summary>CUDA: with the ILGPU packages alone.</summary>
    Cuda,

    /// <summary>An OpenCL driver.</summary>
    OpenCL,
}
