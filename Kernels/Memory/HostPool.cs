using System.Runtime.InteropServices;

namespace NativeFree.Kernels;

/// <summary>Blocks of host memory, aligned to a cache line so that a vector load never crosses one at a block's start.</summary>
internal sealed unsafe class HostPool : BufferPool
{
    private const int Alignment = 64;

    protected override object? TryAllocate(long capacity)
    {
        try
        {
            return new HostBlock((nint)NativeMemory.AlignedAlloc((nuint)(capacity * sizeof(float)), Alignment), capacity);
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    protected override void Free(object block, long capacity) => ((HostBlock)block).Dispose();

    protected override nint Address(object block) => ((HostBlock)block).Address;

    /// <summary>One allocation. The garbage collector is told of it, since it decides by pressure when unreachable tensors are worth collecting.</summary>
    private sealed class HostBlock : IDisposable
    {
        private readonly long bytes;

        public HostBlock(nint address, long capacity)
        {
            Address = address;
            bytes = capacity * sizeof(float);
            GC.AddMemoryPressure(bytes);
        }

        ~HostBlock() => Release();

        public nint Address { get; private set; }

        public void Dispose()
        {
            Release();
            GC.SuppressFinalize(this);
        }

        private void Release()
        {
            if (Address == 0)
                return;
            NativeMemory.AlignedFree((void*)Address);
            Address = 0;
            GC.RemoveMemoryPressure(bytes);
        }
    }
}
