namespace ILGPU;

/// <summary>The work-item's place in its group, and the group's barrier. Inside kernels only: elsewhere every member throws <see cref="InvalidOperationException"/>.</summary>
public static class Group
{
    /// <summary>The work-item's X in its group.</summary>
    public static int IdxX => throw DeviceCode.OnlyInKernel("Group.IdxX");

    /// <summary>The work-item's Y in its group.</summary>
    public static int IdxY => throw DeviceCode.OnlyInKernel("Group.IdxY");

    /// <summary>The work-item's Z in its group.</summary>
    public static int IdxZ => throw DeviceCode.OnlyInKernel("Group.IdxZ");

    /// <summary>Work-items of a group along X.</summary>
    public static int DimX => throw DeviceCode.OnlyInKernel("Group.DimX");

    /// <summary>Work-items of a group along Y.</summary>
    public static int DimY => throw DeviceCode.OnlyInKernel("Group.DimY");

    /// <summary>Work-items of a group along Z.</summary>
    public static int DimZ => throw DeviceCode.OnlyInKernel("Group.DimZ");

    /// <summary>(IdxZ · DimY + IdxY) · DimX + IdxX.</summary>
    public static int LinearIndex => throw DeviceCode.OnlyInKernel("Group.LinearIndex");

    /// <summary>Waits until every work-item of the group is here; what they wrote before is visible to all of them after.</summary>
    public static void Barrier() => throw DeviceCode.OnlyInKernel("Group.Barrier");
}
