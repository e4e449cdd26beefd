namespace ILGPU;

/// <summary>The group's place in the grid. Inside kernels only: elsewhere every member throws <see cref="InvalidOperationException"/>.</summary>
public static class Grid
{
    /// <summary>The group's X in the grid.</summary>
    public static int IdxX => throw DeviceCode.OnlyInKernel("Grid.IdxX");

    /// <summary>The group's Y in the grid.</summary>
    public static int IdxY => throw DeviceCode.OnlyInKernel("Grid.IdxY");

    /// <summary>The group's Z in the grid.</summary>
    public static int IdxZ => throw DeviceCode.OnlyInKernel("Grid.IdxZ");

    /// <summary>Groups along X.</summary>
    public static int DimX => throw DeviceCode.OnlyInKernel("Grid.DimX");

    /// <summary>Groups along Y.</summary>
    public static int DimY => throw DeviceCode.OnlyInKernel("Grid.DimY");

    /// <summary>Groups along Z.</summary>
    public static int DimZ => throw DeviceCode.OnlyInKernel("Grid.DimZ");
}
