using System.Runtime.CompilerServices;
using ILGPU;

namespace NativeFree.Gpu.Emulation;

/// <summary>Checks bounds and nothing else.</summary>
public readonly unsafe struct PlainMonitor : IMonitor
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<T>(ArrayView<T> view, long index, int site, EmulatedGroup group)
        where T : unmanaged => Write(view, index, site, group);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T Write<T>(ArrayView<T> view, long index, int site, EmulatedGroup group)
        where T : unmanaged
    {
        if ((ulong)index >= (ulong)view.Length)
            Fault.OutOfBounds(view.Length, index, site, group);
        return ref ((T*)view.Start)[index];
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T Update<T>(ArrayView<T> view, long index, int site, EmulatedGroup group)
        where T : unmanaged => ref Write(view, index, site, group);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref T Atomic<T>(ArrayView<T> view, long index, int site, EmulatedGroup group)
        where T : unmanaged => ref Write(view, index, site, group);
}
