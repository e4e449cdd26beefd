using ILGPU;

namespace NativeFree.Kernels;

/// <summary>How kernels over flat elements share them: work-item after work-item, then again from the start of the grid. Any count, with any grid.</summary>
internal static class DeviceIndex
{
    /// <summary>Work-items of a group in flat kernels.</summary>
    public const int Group = 256;

    // Enough to fill a large GPU several times over; beyond that every work-item takes several elements.
    private const int MostGroups = 4096;

    /// <summary>On the device: the work-item's first element.</summary>
    public static long First() => ((long)Grid.IdxX * Group) + ILGPU.Group.IdxX;

    /// <summary>On the device: from one of its elements to the next.</summary>
    public static long Step() => (long)Grid.DimX * Group;

    /// <summary>On the host: the grid for so many elements; none for none.</summary>
    public static Index3D GridFor(long count) => new((int)Math.Min((count + Group - 1) / Group, MostGroups), 1, 1);
}
