using ILGPU;

namespace NativeFree.Gpu;

/// <summary>A kernel as the kernel compiler left it: its OpenCL C, and what a launch and the emulator need to know. Generated code makes these.</summary>
/// <param name="name">Class and method, with type arguments: <c>MatrixMultiplyKernels.Multiply</c>.</param>
/// <param name="entryPoint">The kernel function's name in the source.</param>
/// <param name="group">Work-items of a group along X, Y, Z.</param>
/// <param name="sharedBytes">Shared memory of a group, in bytes.</param>
/// <param name="privateBytes">Local arrays of a work-item, in bytes.</param>
/// <param name="sites">The places in the C# source where memory is accessed or a barrier stands; generated code names them by index.</param>
/// <param name="source">OpenCL C 1.2.</param>
public sealed partial class DeviceKernel(string name, string entryPoint, Index3D group, int sharedBytes, int privateBytes, KernelSite[] sites, string source)
{
    /// <summary>Class and method, with type arguments.</summary>
    public string Name { get; } = name;

    /// <summary>The kernel function's name in <see cref="Source"/>.</summary>
    public string EntryPoint { get; } = entryPoint;

    /// <summary>Work-items of a group along X, Y, Z.</summary>
    public Index3D Group { get; } = group;

    /// <summary>Shared memory of a group, in bytes.</summary>
    public int SharedBytes { get; } = sharedBytes;

    /// <summary>Local arrays of a work-item, in bytes.</summary>
    public int PrivateBytes { get; } = privateBytes;

    /// <summary>OpenCL C 1.2.</summary>
    public string Source { get; } = source;

    internal KernelSite[] Sites { get; } = sites;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
