using NativeFree.Gpu.Emulation;

namespace NativeFree.Gpu;

/// <summary>
/// A kernel's arguments, and at the same time one emulated work-item: a state machine whose fields are the kernel's parameters and those variables that outlive a barrier.
/// Generated code implements it.
/// </summary>
public interface IKernelFrame
{
    /// <summary>Hands the arguments to a driver, in the order of the kernel function's parameters.</summary>
    void Bind(IKernelArguments arguments);

    /// <summary>Runs the work-item to its next barrier or to its end. Returns the barrier's site, or 0 at the end.</summary>
    int Step<TMonitor>(EmulatedGroup group)
        where TMonitor : struct, IMonitor;
}
