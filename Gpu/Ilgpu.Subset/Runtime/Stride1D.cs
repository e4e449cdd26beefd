namespace ILGPU;

/// <summary>How elements of a one-dimensional buffer lie in memory.</summary>
public static class Stride1D
{
    /// <summary>One after another.</summary>
    public readonly struct Dense;
}
