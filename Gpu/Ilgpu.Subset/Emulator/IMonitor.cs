using ILGPU;

namespace NativeFree.Gpu.Emulation;

/// <summary>
/// Stands between an emulated kernel and memory. Every access carries the number of its site in the C# source. A type argument, so that the
/// unchecked emulator compiles to plain loads and stores.
/// </summary>
public interface IMonitor
{
    /// <summary>An element that is read.</summary>
    /// <exception cref="KernelFaultException">The index is outside the view; checked: race, or shared memory that was never written.</exception>
    static abstract T Read<T>(ArrayView<T> view, long index, int site, EmulatedGroup group)
        where T : unmanaged;

    /// <summary>An element that is written.</summary>
    /// <exception cref="KernelFaultException">The index is outside the view; checked: race.</exception>
    static abstract ref T Write<T>(ArrayView<T> view, long index, int site, EmulatedGroup group)
        where T : unmanaged;

    /// <summary>An element that is read and written.</summary>
    /// <exception cref="KernelFaultException">The index is outside the view; checked: race, or shared memory that was never written.</exception>
    static abstract ref T Update<T>(ArrayView<T> view, long index, int site, EmulatedGroup group)
        where T : unmanaged;

    /// <summary>An element that an atomic operation changes.</summary>
    /// <exception cref="KernelFaultException">The index is outside the view; checked: race with a plain access, or shared memory that was never written.</exception>
    static abstract ref T Atomic<T>(ArrayView<T> view, long index, int site, EmulatedGroup group)
        where T : unmanaged;
}
