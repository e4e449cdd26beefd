using ILGPU;
using ILGPU.Runtime;

namespace NativeFree.Gpu;

public sealed partial class DeviceKernel
{
    /// <summary>Queues the kernel. A grid with no groups does nothing.</summary>
    /// <param name="stream">Where.</param>
    /// <param name="grid">Groups along X, Y, Z.</param>
    /// <param name="frame">The arguments.</param>
    /// <exception cref="ArgumentOutOfRangeException">An extent of the grid is negative.</exception>
    /// <exception cref="ArgumentException">An argument is a view of another accelerator.</exception>
    /// <exception cref="DeviceDriverException">The driver does not compile or start the kernel.</exception>
    /// <exception cref="KernelFaultException">The emulator found the kernel at fault.</exception>
    public void Launch<TFrame>(AcceleratorStream stream, Index3D grid, in TFrame frame)
        where TFrame : struct, IKernelFrame
    {
        if (grid.X < 0 || grid.Y < 0 || grid.Z < 0)
            throw new ArgumentOutOfRangeException(nameof(grid), $"{Name}: a grid has no negative extents; {grid} arrived.");
        if (grid.X > 0 && grid.Y > 0 && grid.Z > 0)
            stream.Accelerator.Launch(stream, this, grid, frame);
    }
}
