using System.Runtime.InteropServices;

namespace NativeFree.Kernels;

/// <summary>Blocks of host memory, aligned to a cache line so that a vector load never crosses one at a block's start; large ones lie on huge pages.</summary>
internal sealed unsafe class HostPool : BufferPool
{
    private const int Alignment = 64;

    protected override object? TryAllocate(long capacity)
    {
        nint address;
        long bytes = capacity * sizeof(float);
        bool huge = HugePages.Pays(bytes);
        try
        {
            address = (nint)NativeMemory.AlignedAlloc((nuint)bytes, (nuint)(huge ? HugePages.Size : Alignment));
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
        if (huge)
            HugePages.Advise(address, bytes);
        // The collector decides by pressure when unreachable tensors are worth finding.
        GC.AddMemoryPressure(bytes);
        return address;
    }

    protected override void Free(object block, long capacity)
    {
        NativeMemory.AlignedFree((void*)(nint)block);
        GC.RemoveMemoryPressure(capacity * sizeof(float));
    }

    protected override nint Address(object block) => (nint)block;
}
