namespace NativeFree.Autograd;

/// <summary>An operator made a NaN or an infinity while <see cref="Tape.DetectNonFinite"/> was set. The message names operator, layer and whether it was the result or a gradient.</summary>
public sealed class NonFiniteException : ArithmeticException
{
    /// <summary>Creates the exception with its one-line message.</summary>
    public NonFiniteException(string message) : base(message)
    {
    }
}
