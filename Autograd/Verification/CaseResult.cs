namespace NativeFree.Autograd;

/// <summary>How far one array came out from the stored one.</summary>
/// <param name="Array">Its name.</param>
/// <param name="Error">The largest difference over the largest stored magnitude; the difference itself where all stored values are 0; NaN where a NaN came out.</param>
/// <param name="Tolerance">What the case allows.</param>
public readonly record struct ArrayError(string Array, double Error, double Tolerance)
{
    /// <summary>Whether the error is within the tolerance; NaN is not.</summary>
    public bool Passed => Error <= Tolerance;

    /// <summary>Error over tolerance: what the worst array is chosen by. Infinite for a NaN, and for any error where none is allowed.</summary>
    public double Ratio => double.IsNaN(Error) ? double.PositiveInfinity : Error == 0 ? 0 : Error / Tolerance;
}

/// <summary>The outcome of an operator case.</summary>
/// <param name="Op">The operator.</param>
/// <param name="Attributes">Its attributes as they stand in the case, JSON.</param>
/// <param name="Arrays">Every stored result, in the order of its comparison.</param>
/// <param name="Failure">Why the case could not be run (an unknown operator, attribute or array, a wrong shape), or null.</param>
public sealed record CaseResult(string Op, string Attributes, IReadOnlyList<ArrayError> Arrays, string? Failure)
{
    /// <summary>Whether the case ran, something was compared, and every array is within its tolerance.</summary>
    public bool Passed => Failure is null && Arrays.Count > 0 && Arrays.All(array => array.Passed);

    /// <summary>The array with the largest error beside its tolerance; null when none was compared.</summary>
    public ArrayError? Worst => Arrays.Count == 0 ? null : Arrays.MaxBy(array => array.Ratio);
}
