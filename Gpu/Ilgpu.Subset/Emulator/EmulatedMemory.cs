using System.Runtime.InteropServices;
using ILGPU.Runtime;

namespace NativeFree.Gpu.Emulation;

/// <summary>Emulated memory: a block of the host's, aligned for vector loads.</summary>
internal sealed unsafe class EmulatedMemory : MemoryBuffer
{
    private const nuint Alignment = 64;

    public EmulatedMemory(Accelerator? accelerator, long bytes)
        : base(accelerator, bytes)
    {
        // A zero-length buffer still has an address of its own.
        Address = (nint)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), Alignment);
        GC.AddMemoryPressure(Math.Max(bytes, 1));
    }

    ~EmulatedMemory() => Dispose(false);

    public nint Address { get; private set; }

    /// <summary>NaN as floats, −1 as integers: arbitrary contents that a reader notices.</summary>
    public void Poison() => NativeMemory.Fill((void*)Address, (nuint)LengthInBytes, 0xFF);

    private protected override void Dispose(bool disposing)
    {
        if (Address == 0)
            return;
        NativeMemory.AlignedFree((void*)Address);
        GC.RemoveMemoryPressure(Math.Max(LengthInBytes, 1));
        Address = 0;
    }
}
