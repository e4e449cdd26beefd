namespace NativeFree.Gpu;

/// <summary>
/// Marks a static method as a device kernel with groups of <c>x · y · z</c> work-items. The kernel compiler turns it into OpenCL C, into resumable C# for the emulator and into
/// a typed launcher <c>XLaunch.Method(stream, grid, …)</c>, where <c>XKernels</c> (or <c>X</c>) is the class that holds the method.
/// The size is a constant so that the device compiler can plan registers for it and shared memory can depend on it.
/// </summary>
/// <param name="x">Work-items of a group along X, the fastest index; at least 1.</param>
/// <param name="y">Work-items of a group along Y; at least 1.</param>
/// <param name="z">Work-items of a group along Z; at least 1. The product is at most 1024.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KernelAttribute(int x, int y = 1, int z = 1) : Attribute
{
    /// <summary>Work-items of a group along X.</summary>
    public int X { get; } = x;

    /// <summary>Work-items of a group along Y.</summary>
    public int Y { get; } = y;

    /// <summary>Work-items of a group along Z.</summary>
    public int Z { get; } = z;
}
