namespace NativeFree.Kernels;

/// <summary>The numbers of one Adam step (formula: <see cref="IOptimizers.Adam"/>), bias corrections already in them.</summary>
/// <param name="OneMinusBeta1">1 − β₁.</param>
/// <param name="OneMinusBeta2">1 − β₂.</param>
/// <param name="Rate">The step size, with the first moment's bias correction (and, where epsilon is added to the uncorrected root, the second's).</param>
/// <param name="Correction">What the root is multiplied by before epsilon is added.</param>
/// <param name="Epsilon">Added to the root.</param>
/// <param name="Eta">Multiplies the step.</param>
/// <param name="Retain">What remains of the parameter after decoupled decay.</param>
/// <param name="Lower">The smallest step size for an element.</param>
/// <param name="Upper">The largest one.</param>
public readonly record struct AdamStep(
    float OneMinusBeta1, float OneMinusBeta2, float Rate, float Correction, float Epsilon, float Eta = 1, float Retain = 1, float Lower = 0, float Upper = float.PositiveInfinity);
