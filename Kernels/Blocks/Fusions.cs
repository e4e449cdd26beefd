namespace NativeFree.Kernels;

/// <summary>Operators that a device runs as one while training.</summary>
[Flags]
public enum Fusions
{
    /// <summary>Each runs by itself.</summary>
    None = 0,

    /// <summary>Batch normalization, addition and ReLU: <c>F.NormalizeAddRelu</c>.</summary>
    NormalizeAddRelu = 1,

    /// <summary>Batch normalization and ReLU: <c>F.NormalizeRelu</c>.</summary>
    NormalizeRelu = 2,

    /// <summary>Convolutions, their concatenation and ReLU: <c>F.ConvolutionBranches</c>.</summary>
    ConvolutionBranches = 4,
}
