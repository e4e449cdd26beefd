using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace NativeFree.Gpu.Emulation;

/// <summary>The sentences of <see cref="KernelFaultException"/>.</summary>
internal static class Fault
{
    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void OutOfBounds(long length, long index, int site, EmulatedGroup group)
    {
        KernelSite at = group.Kernel.Sites[site];
        throw new KernelFaultException(
            $"{group.Kernel}: an index lies inside its view; {at.What}[{index}] of {length} elements at {at}, {Item(group.Item, group.Linear, group)}; guard the access or pass a longer view.");
    }

    [DoesNotReturn]
    public static void Race(long index, Access mine, Access other, EmulatedGroup group)
    {
        KernelSite here = group.Kernel.Sites[mine.Site];
        KernelSite there = group.Kernel.Sites[other.Site];
        string remedy = mine.Group == other.Group ? "put a barrier between them" : "groups have no order in a launch: write each element from one group";
        throw new KernelFaultException(
            $"{group.Kernel}: data race on {here.What}[{index}]; {Item(mine.Item, mine.Group, group)} {mine.Verb} it at {here}, {Item(other.Item, other.Group, group)} {other.Verb} it at {there} with nothing between; {remedy}.");
    }

    [DoesNotReturn]
    public static void Uninitialised(long index, Access mine, EmulatedGroup group)
    {
        KernelSite here = group.Kernel.Sites[mine.Site];
        throw new KernelFaultException(
            $"{group.Kernel}: shared memory is written before it is read; {Item(mine.Item, mine.Group, group)} reads {here.What}[{index}] at {here}, which no work-item of the group has written; write it first.");
    }

    [DoesNotReturn]
    public static void Divergence(int expected, int first, int arrived, int item, EmulatedGroup group) =>
        throw new KernelFaultException(
            $"{group.Kernel}: all work-items of a group reach the same barrier; {Item(first, group.Linear, group)} {Place(expected, group)}, {Item(item, group.Linear, group)} {Place(arrived, group)}; move the barrier out of the branch.");

    public static KernelFaultException Thrown(Exception inner, EmulatedGroup group) =>
        new($"{group.Kernel}: {inner.Message} ({Item(group.Item, group.Linear, group)})", inner);

    private static string Place(int site, EmulatedGroup group) => site == 0 ? "is at its end" : $"waits at {group.Kernel.Sites[site]}";

    private static string Item(int item, long linear, EmulatedGroup group) => $"work-item {group.PlaceOf(item)} of group {group.PlaceOf(linear)}";
}
