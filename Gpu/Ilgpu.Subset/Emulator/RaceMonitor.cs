using System.Runtime.CompilerServices;
using ILGPU;

namespace NativeFree.Gpu.Emulation;

/// <summary>
/// Checks bounds, records every access and stops at two accesses to one word that nothing orders, one of them a write: by different work-items of a group with no barrier between,
/// or by different groups. Two atomic operations do not race. Also stops at reads of shared memory that the group never wrote.
/// </summary>
public readonly struct RaceMonitor : IMonitor
{
    /// <inheritdoc/>
    public static T Read<T>(ArrayView<T> view, long index, int site, EmulatedGroup group)
        where T : unmanaged
    {
        ref T element = ref PlainMonitor.Write(view, index, site, group);
        Record(view, index, new Access(group.Tick, group.Item, group.Linear, site, AccessKind.Read), false, group);
        return element;
    }

    /// <inheritdoc/>
    public static ref T Write<T>(ArrayView<T> view, long index, int site, EmulatedGroup group)
        where T : unmanaged
    {
        ref T element = ref PlainMonitor.Write(view, index, site, group);
        Record(view, index, new Access(group.Tick, group.Item, group.Linear, site, AccessKind.Write), false, group);
        return ref element;
    }

    /// <inheritdoc/>
    public static ref T Update<T>(ArrayView<T> view, long index, int site, EmulatedGroup group)
        where T : unmanaged
    {
        ref T element = ref PlainMonitor.Write(view, index, site, group);
        Record(view, index, new Access(group.Tick, group.Item, group.Linear, site, AccessKind.Write), true, group);
        return ref element;
    }

    /// <inheritdoc/>
    public static ref T Atomic<T>(ArrayView<T> view, long index, int site, EmulatedGroup group)
        where T : unmanaged
    {
        ref T element = ref PlainMonitor.Write(view, index, site, group);
        Record(view, index, new Access(group.Tick, group.Item, group.Linear, site, AccessKind.Atomic), true, group);
        return ref element;
    }

    private static void Record<T>(ArrayView<T> view, long index, Access mine, bool readsToo, EmulatedGroup group)
        where T : unmanaged
    {
        if (group.IsLocal(view.Buffer))
            return;
        EmulatedMemory memory = (EmulatedMemory)view.Buffer!;
        // Shared memory is new for every group; global memory holds what all groups of the launch do.
        long since = group.IsShared(memory) ? group.GroupStart : group.LaunchStart;
        AccessRecord record = memory.Accesses ??= new AccessRecord(memory.LengthInBytes);
        long first = view.Start - memory.Address + (index * Unsafe.SizeOf<T>());
        for (long word = first / 4; word <= (first + Unsafe.SizeOf<T>() - 1) / 4; word++)
        {
            ref WordRecord known = ref record.Words[word];
            if ((readsToo || mine.Kind == AccessKind.Read) && group.IsShared(memory) && known.Write.Tick < since)
                Fault.Uninitialised(index, mine, group);
            Meet(known.Write, mine, index, since, group);
            if (mine.Kind == AccessKind.Read)
            {
                Remember(ref known, mine);
                continue;
            }
            Meet(known.Read, mine, index, since, group);
            Meet(known.ReadByAnotherItem, mine, index, since, group);
            Meet(known.ReadByAnotherGroup, mine, index, since, group);
            known.Write = mine;
        }
    }

    private static void Meet(Access earlier, Access mine, long index, long since, EmulatedGroup group)
    {
        if (earlier.Tick < since || (earlier.Kind == AccessKind.Atomic && mine.Kind == AccessKind.Atomic))
            return;
        bool unordered = earlier.Tick < group.GroupStart || (earlier.Tick == mine.Tick && earlier.Item != mine.Item);
        if (unordered)
            Fault.Race(index, mine, earlier, group);
    }

    private static void Remember(ref WordRecord known, Access mine)
    {
        if (known.Read.Tick != 0 && known.Read.Group != mine.Group)
        {
            known.ReadByAnotherGroup = known.Read;
            known.ReadByAnotherItem = default;
        }
        else if (known.Read.Tick == mine.Tick && known.Read.Item != mine.Item)
        {
            known.ReadByAnotherItem = known.Read;
        }
        known.Read = mine;
    }
}
