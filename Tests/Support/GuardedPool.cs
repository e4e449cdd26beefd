using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using NativeFree.Kernels;

namespace NativeFree.Tests;

/// <summary>
/// Host memory that tells on kernels: a block goes out full of NaN, so that reading what was not written shows in the result, and when it comes back the floats before and behind what was asked for must still be those NaNs.
/// </summary>
internal sealed unsafe class GuardedPool : BufferPool
{
    private const int Guard = 64;
    private const uint Poison = 0x7FC0DEAD;

    private readonly ConcurrentDictionary<object, long> counts = new(ReferenceEqualityComparer.Instance);
    private readonly ConcurrentQueue<string> complaints = new();

    /// <summary>Fails when a block came back with something written outside.</summary>
    internal void Check() => Assert.True(complaints.IsEmpty, string.Join("; ", complaints));

    protected override object TryAllocate(long capacity) => new Block((nint)NativeMemory.AlignedAlloc((nuint)((capacity + (2 * Guard)) * sizeof(float)), 64));

    protected override void Free(object block, long capacity) => NativeMemory.AlignedFree((void*)((Block)block).Start);

    protected override nint Address(object block) => ((Block)block).Start + (Guard * sizeof(float));

    protected override void OnRent(object block, long count, long capacity)
    {
        new Span<uint>((void*)((Block)block).Start, (int)capacity + (2 * Guard)).Fill(Poison);
        counts[block] = count;
    }

    protected override void OnReturn(object block, long capacity)
    {
        var all = new ReadOnlySpan<uint>((void*)((Block)block).Start, (int)capacity + (2 * Guard));
        long count = counts[block];
        int before = all[..Guard].IndexOfAnyExcept(Poison), behind = all[(Guard + (int)count)..].IndexOfAnyExcept(Poison);
        if (before >= 0)
            complaints.Enqueue($"element {before - Guard} of {count} was written to");
        if (behind >= 0)
            complaints.Enqueue($"element {count + behind} of {count} was written to");
        // Whoever still reads it finds NaN.
        new Span<uint>((void*)((Block)block).Start, (int)capacity + (2 * Guard)).Fill(Poison);
    }

    private sealed record Block(nint Start);
}
