using ILGPU.Runtime;

namespace NativeFree.Kernels;

/// <summary>A device that a driver offers.</summary>
/// <param name="Name">Its own name.</param>
/// <param name="Driver">Platform and version.</param>
/// <param name="Kind">OpenCL or CUDA.</param>
/// <param name="Index">N in <c>opencl:N</c> or <c>cuda:N</c>.</param>
/// <param name="IsGpu">Whether it is more than the host's own processor.</param>
/// <param name="Refusal">Why the kernels cannot run on it, or null.</param>
/// <param name="MemorySize">Bytes of its memory.</param>
/// <param name="Open">Takes it into use.</param>
internal sealed record DriverDevice(string Name, string Driver, DeviceKind Kind, int Index, bool IsGpu, string? Refusal, long MemorySize, Func<Accelerator> Open);
