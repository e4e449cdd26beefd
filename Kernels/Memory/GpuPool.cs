using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Runtime;

namespace NativeFree.Kernels;

/// <summary>Blocks of an accelerator's memory.</summary>
internal sealed class GpuPool(Accelerator accelerator) : BufferPool
{
    // The pool alone owns blocks: a lease that the collector finds gives its block back here, which must not be collected in the same moment.
    private readonly ConcurrentDictionary<object, byte> owned = new();

    // Drivers give memory at the first use and then fail in the middle of work: what the device has not is refused here, before.
    public override long Limit => accelerator.MemorySize;

    public override long LargestBlock { get; } = Drivers.LargestBlock(accelerator);

    protected override object? TryAllocate(long capacity)
    {
        try
        {
            MemoryBuffer1D<float, Stride1D.Dense> block = accelerator.Allocate1D<float>(capacity);
            owned.TryAdd(block, 0);
            return block;
        }
        catch (Exception refused) when (Drivers.IsOutOfMemory(refused))
        {
            return null;
        }
    }

    protected override void Free(object block, long capacity)
    {
        owned.TryRemove(block, out _);
        ((MemoryBuffer1D<float, Stride1D.Dense>)block).Dispose();
    }

    protected override nint Address(object block) => 0;
}
